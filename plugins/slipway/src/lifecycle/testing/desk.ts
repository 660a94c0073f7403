import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseConfig } from '../../config/load';
import type { SlipwayConfig, SlipwayConfigInput } from '../../config/schema';
import { withVersionFiles } from '../../config/version-files';
import { createRun } from '../../io/exec';
import { createGit } from '../../io/git';
import type { World } from '../../io/world';
import { RELEASE_STREAM, type LedgerEventBody } from '../../ledger/events';
import { openLedger } from '../../ledger/open-ledger';
import { sentence } from '../../ledger/outcome';
import { GIT_ENV, Repositories } from '../../ledger/testing/repositories';
import { createTestWorld } from '../../testing/test-world';
import { chainOf } from '../chain';
import type { Step, StepContext, StepResult } from '../context';
import { lazyLedger } from '../lazy-ledger';
import { gate } from '../steps/gate';

const MEMBERS = [
  { name: 'ui', root: 'packages/ui', kind: 'npm' as const, dependencies: [] },
  { name: 'api', root: 'packages/api', kind: 'python' as const, dependencies: [] },
];

/** Not what is tried here; tests and coverage are judged for real. */
const UNJUDGED = ['security', 'performance', 'accessibility', 'documentation', 'migrations'];

/** A configuration of the desk: what a test sets, and no checks of projects besides tests and coverage. */
export function deskConfiguration(input: SlipwayConfigInput = {}): SlipwayConfig {
  const unjudged = Object.fromEntries(UNJUDGED.map((check) => [check, { notApplicable: 'not tried here' }]));
  const projects = Object.fromEntries(
    MEMBERS.map(({ name }) => {
      const own = input.projects?.[name];
      return [name, { ...own, gates: { ...unjudged, ...own?.gates } }];
    }),
  );
  // Its images are made up: no engine knows them.
  const gates = { images: { notApplicable: 'not tried here' }, ...input.gates };
  return parseConfig(JSON.stringify({ ...input, gates, projects: { ...input.projects, ...projects } }));
}

/** Who approved each commit of the desk. Its author is Dana. */
export const REVIEWED = 'Reviewed-by: Robin <robin@example.org>\nReviewed-by: Sam <sam@example.org>';

const FILES: Readonly<Record<string, string>> = {
  '.gitignore': '.slipway/\nreports/\n',
  'packages/ui/README.md': '# Desk\n',
  'packages/api/README.md': '# Desk API\n',
  'packages/ui/package.json': '{\n  "name": "@desk/ui",\n  "version": "1.0.0"\n}\n',
  'packages/ui/index.js': 'exports.title = "Desk";\n',
  'packages/api/setup.py': 'from setuptools import setup\nsetup(name="desk-api", version="1.0.0")\n',
};

export interface RunOptions {
  readonly dryRun?: boolean;
  readonly target?: string;
  /** Laid over the real world. */
  readonly world?: Partial<World>;
}

/** Folders that new desks are copied from, by what was done in them; gone with the test file. */
const templates = new Map<string, string>();

function keepTemplate(name: string, folder: string): void {
  const template = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-desk-')));
  cpSync(folder, template, { recursive: true });
  const config = join(template, 'desk/.git/config');
  writeFileSync(config, readFileSync(config, 'utf8').replaceAll(folder, template));
  templates.set(name, template);
}

afterAll(() => {
  for (const template of templates.values()) rmSync(template, { recursive: true, force: true });
});

/** A workspace of two packages in a real repository, released as 1.0.0, with or without a remote. */
export class Desk {
  readonly repositories = new Repositories();
  readonly remote: string | null;
  readonly root: string;
  config = deskConfiguration();

  constructor({ remote = true, state = 'new' } = {}) {
    this.remote = remote ? this.repositories.path('remote.git') : null;
    this.root = this.repositories.path('desk');
    const kept = templates.get(`${state} ${remote}`);
    if (kept === undefined) {
      this.make();
      keepTemplate(`new ${remote}`, this.repositories.folder);
    } else this.copy(kept);
  }

  /**
   * A desk where something was done already, which is done but once in a test file.
   * @param state its name
   */
  static async after(state: string, make: (desk: Desk) => Promise<unknown>, { remote = true } = {}): Promise<Desk> {
    const known = templates.has(`${state} ${remote}`);
    const desk = new Desk({ remote, state: known ? state : 'new' });
    if (known) return desk;
    await make(desk);
    keepTemplate(`${state} ${remote}`, desk.repositories.folder);
    return desk;
  }

  /** As one made before in this file: a copy costs a tenth of the commits. */
  private copy(template: string): void {
    cpSync(template, this.repositories.folder, { recursive: true });
    const config = join(this.root, '.git/config');
    writeFileSync(config, readFileSync(config, 'utf8').replaceAll(template, this.repositories.folder));
    // The index knows files by their inodes, which are others now.
    this.git('update-index', '-q', '--refresh');
  }

  private make(): void {
    if (this.remote !== null) this.repositories.bare();
    this.repositories.clone('desk', this.remote ?? undefined, 'dana');
    this.write(FILES);
    this.commit('feat: start');
    this.git('tag', '-a', 'v1.0.0', '-m', '1.0.0');
    if (this.remote !== null) this.git('push', '-q', 'origin', 'main', 'v1.0.0');
    this.change();
  }

  /** A commit that demands a minor release, on whatever is checked out. */
  change(name = 'greet by name'): string {
    this.write({ [`packages/ui/${name.replaceAll(' ', '-')}.js`]: `// ${name}\n` });
    return this.commit(`feat(ui): ${name}`);
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      writeFileSync(join(this.root, path), content);
    }
  }

  /** @param trailers the last paragraph of its message: two others reviewed it. */
  commit(message: string, trailers = REVIEWED): string {
    this.git('add', '-A');
    this.git('commit', '-q', '-m', message, ...(trailers === '' ? [] : ['-m', trailers]));
    return this.head();
  }

  head(ref = 'HEAD'): string {
    return this.git('rev-parse', '--verify', `${ref}^{commit}`);
  }

  git(...args: string[]): string {
    return this.repositories.git(this.root, ...args);
  }

  /** Every ref with its commit, besides what was last seen of the remote. */
  refs(): readonly string[] {
    const refs = this.git('for-each-ref', '--format=%(refname) %(objectname)').split('\n');
    return refs.filter((ref) => !ref.startsWith('refs/slipway/remotes/'));
  }

  /** Refs of the remote by full name, as commits. */
  there(): Readonly<Record<string, string>> {
    const listed = this.repositories.git(
      this.remote ?? this.root,
      'for-each-ref',
      '--format=%(refname) %(objectname) %(*objectname)',
    );
    return Object.fromEntries(
      listed.split('\n').flatMap((line): [string, string][] => {
        const [ref = '', id = '', peeled] = line.split(' ');
        return ref === '' || ref.startsWith('refs/slipway/') ? [] : [[ref, peeled || id]];
      }),
    );
  }

  world(change: Partial<World> = {}): World & { readonly lines: string[] } {
    const run = createRun({ cwd: this.root, env: GIT_ENV });
    const clock = { now: () => new Date(), sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)) };
    return { ...createTestWorld({ root: this.root, run }), clock, git: createGit(run, this.root), ...change };
  }

  context({ dryRun = false, target = 'release-x', world }: RunOptions = {}): StepContext & {
    readonly world: ReturnType<Desk['world']>;
  } {
    const real = this.world(world);
    const lifecycle = [...chainOf(this.config).map((step) => step.target), 'release-approve', 'release-abandon'];
    return {
      world: real,
      config: this.config,
      project: 'api',
      owner: 'api',
      members: withVersionFiles(MEMBERS, this.config.projects),
      projects: MEMBERS.map((member) => ({
        ...member,
        targets: ['release-gate', ...(member.name === 'api' ? lifecycle : [])],
      })),
      ledger: lazyLedger(() =>
        openLedger(real, { remote: 'origin', store: this.config.release.ledger, readOnly: dryRun }),
      ),
      target,
      dryRun,
      color: false,
    };
  }

  /** As somebody else, until the next one. */
  become(name: string): void {
    this.git('config', 'user.name', name);
    this.git('config', 'user.email', `${name}@example.org`);
  }

  async run<O>(step: Step<O>, options: O, run: RunOptions = {}): Promise<StepResult & { readonly said: string }> {
    const ended = await step(this.context(run), options);
    return { ...ended, said: sentence(ended.outcome) };
  }

  async events(stream = RELEASE_STREAM): Promise<readonly LedgerEventBody[]> {
    const { ledger } = this.context();
    return (await ledger.read(stream)).map(({ body }) => body);
  }

  async append(...bodies: readonly LedgerEventBody[]): Promise<void> {
    const { ledger } = this.context();
    for (const body of bodies) await ledger.append(RELEASE_STREAM, body);
  }

  /** As if the images of the checked-out commit had been built; the build itself needs an engine. */
  async built(version: string, digit = '1'): Promise<void> {
    const services = Object.fromEntries(
      Object.keys(this.config.images).map((name) => [name, `sha256:${digit.repeat(64)}`]),
    );
    await this.append({ kind: 'images', version, commit: this.head(), services, contexts: {}, built: [] });
  }

  /** Runs every member's gate on reports of a test run, of which some tests may have failed. */
  async judge({ failed = 0 }: { readonly failed?: number } = {}): Promise<void> {
    for (const { name, root } of MEMBERS) {
      this.write({ [`${root}/reports/junit.xml`]: junit(failed), [`${root}/reports/lcov.info`]: LCOV });
      await gate({ ...this.context({ target: 'release-gate' }), project: name }, {});
    }
  }

  remove(): void {
    this.repositories.remove();
  }
}

const LCOV = `TN:\nSF:index.js\n${[1, 2, 3, 4, 5].map((line) => `DA:${line},1\n`).join('')}LF:5\nLH:5\nend_of_record\n`;

function junit(failed: number): string {
  const cases = [1, 2, 3, 4, 5].map((name) =>
    name > failed
      ? `<testcase classname="desk" name="${name}"/>`
      : `<testcase classname="desk" name="${name}"><failure message="it broke"/></testcase>`,
  );
  return `<testsuite name="desk" tests="5" failures="${failed}" errors="0" skipped="0">${cases.join('')}</testsuite>\n`;
}
