import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseConfig } from '../../config/load';
import { withVersionFiles } from '../../config/version-files';
import { scopeOf, subjectOfTree } from '../../evidence/subject';
import { mergePolicy, writeVerdict, type ProjectVerdict } from '../../gates';
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
import { readManifests } from '../manifests';

const MEMBERS = [
  { name: 'ui', root: 'packages/ui', kind: 'npm' as const, dependencies: [] },
  { name: 'api', root: 'packages/api', kind: 'python' as const, dependencies: [] },
];

const FILES: Readonly<Record<string, string>> = {
  '.gitignore': '.slipway/\n',
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

/** A workspace of two packages in a real repository, released as 1.0.0, with or without a remote. */
export class Desk {
  readonly repositories = new Repositories();
  readonly remote: string | null;
  readonly root: string;
  config = parseConfig(null);

  constructor({ remote = true } = {}) {
    this.remote = remote ? this.repositories.bare() : null;
    this.root = this.repositories.clone('desk', this.remote ?? undefined, 'dana');
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

  commit(message: string): string {
    this.git('add', '-A');
    this.git('commit', '-q', '-m', message);
    return this.head();
  }

  head(ref = 'HEAD'): string {
    return this.git('rev-parse', '--verify', `${ref}^{commit}`);
  }

  git(...args: string[]): string {
    return this.repositories.git(this.root, ...args);
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
      ledger: lazyLedger(() => openLedger(real, { remote: 'origin', readOnly: dryRun })),
      target,
      dryRun,
      color: false,
    };
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

  /** A passing verdict about the files as they are now, for every member. */
  async judge(change: Partial<ProjectVerdict> = {}): Promise<void> {
    const context = this.context();
    const { blank } = await readManifests(context);
    for (const member of MEMBERS) {
      await writeVerdict(this.root, {
        v: 1,
        project: member.name,
        verdict: 'pass',
        reason: '',
        checks: ['tests', 'coverage'].map((check) => ({
          check,
          verdict: 'pass',
          reason: '',
          measured: 100,
          limit: 80,
          findings: [],
        })),
        reports: [],
        policy: mergePolicy(this.config.gates, this.config.projects[member.name]),
        subject: await subjectOfTree(context.world, scopeOf(member, MEMBERS), blank),
        tool: { name: 'nx-slipway', version: '0.0.0' },
        ...change,
      });
    }
  }

  remove(): void {
    this.repositories.remove();
  }
}
