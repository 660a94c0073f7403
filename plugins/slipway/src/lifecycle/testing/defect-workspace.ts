import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseConfig } from '../../config/load';
import { a11y as a11ySchema, load as loadSchema } from '../../config/producers';
import type { SlipwayConfigInput } from '../../config/schema';
import type { ProjectVerdict } from '../../gates';
import { producedFolder } from '../../gates/paths';
import { WCAG_21_AA } from '../../gates/wcag21';
import { createRun } from '../../io/exec';
import type { Outcome } from '../../ledger/outcome';
import { runA11y } from '../../produce/a11y/a11y';
import { runLoad } from '../../produce/load/load';
import { createTestWorld } from '../../testing/test-world';
import type { Step, StepContext } from '../context';
import { lazyLedger } from '../lazy-ledger';

/** This repository: its Helpdesk API is the Python project, and its tools are those that a machine has. */
const REPOSITORY = resolve(__dirname, '../../../../..');
const BACKEND = 'packages/backend';

export type Files = Readonly<Record<string, string>>;
type Project = 'web' | 'api';

const CONFIG: SlipwayConfigInput = {
  release: { owner: 'web', projects: ['web', 'api'] },
  projects: {
    // Nothing runs the backend's tests here; they have a gate of their own.
    api: {
      migrations: { settings: 'helpdesk.settings_test' },
      gates: { coverage: { notApplicable: 'not tried here' } },
    },
  },
};

/** What the page holds. */
const CONTENT = '<h1>Acme</h1><form><label>Name <input type="text"></label></form>';

/** A web interface and a Django API with everything in order, in a repository of their own. */
export class DefectWorkspace {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-defects-')));
  private answerer: ChildProcess | null = null;

  constructor() {
    const listed = execFileSync('git', ['ls-files', '-z', '--', BACKEND], { cwd: REPOSITORY, encoding: 'utf8' });
    for (const path of listed.split('\0').filter((each) => each !== '')) {
      const target = join(this.root, path.replace(BACKEND, 'packages/api'));
      mkdirSync(dirname(target), { recursive: true });
      cpSync(join(REPOSITORY, path), target);
    }
    symlinkSync(join(REPOSITORY, '.venv'), join(this.root, '.venv'));
    this.write({
      '.gitignore': 'reports*/\ncoverage/\n.slipway/\n.venv\n__pycache__/\n',
      'slipway.json': JSON.stringify(CONFIG),
      'package.json': JSON.stringify({ name: 'acme', private: true, workspaces: ['packages/web'] }),
      'packages/web/README.md': '# Acme\n\nShows what Acme has.\n',
      'packages/web/index.js': 'exports.title = "Acme";\n',
      'packages/web/accessibility.json': JSON.stringify({ criteria: everyCriterion() }),
      ...dependingOn('4.17.21'),
      ...tested(),
    });
    const git = (...args: readonly string[]): unknown =>
      execFileSync('git', ['-c', 'user.name=Dana', '-c', 'user.email=dana@example.org', ...args], { cwd: this.root });
    git('init', '--quiet', '--initial-branch=main');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'feat: begin');
  }

  write(files: Files): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      writeFileSync(join(this.root, path), content);
    }
  }

  /** Keeps every report as it is now. @returns puts them back */
  keepReports(): () => void {
    const folders = [`${WEB.root}/reports`, `${API.root}/reports`, '.slipway/reports'].map((path) =>
      join(this.root, path),
    );
    const here = folders.filter((folder) => existsSync(folder));
    for (const folder of here) cpSync(folder, `${folder}.kept`, { recursive: true });
    return () => {
      for (const folder of folders) {
        rmSync(folder, { recursive: true, force: true });
        if (here.includes(folder)) renameSync(`${folder}.kept`, folder);
      }
    };
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  delete(path: string): void {
    rmSync(join(this.root, path), { recursive: true, force: true });
  }

  /** Runs a step with the real world under it. */
  async step<O>(project: Project, target: string, step: Step<O>, options: O): Promise<Outcome> {
    const { outcome } = await step(this.context(project, target), options);
    return outcome;
  }

  private context(project: Project, target: string): StepContext {
    const config = parseConfig(this.read('slipway.json'));
    return {
      world: this.world(),
      config,
      project,
      projects: [WEB, API],
      owner: 'web',
      members: [WEB, API],
      ledger: lazyLedger(() => Promise.reject(new Error('no step of a project asks the ledger'))),
      target,
      dryRun: false,
      color: false,
    };
  }

  /** The verdict that the gate left. */
  verdict(project: Project): ProjectVerdict {
    return JSON.parse(this.read(`.slipway/gates/${project}/verdict.json`)) as ProjectVerdict;
  }

  /** Real load against a server that takes its time. @param delay milliseconds */
  async load(delay: number, connections: number): Promise<void> {
    await serving(
      (_request, response) => setTimeout(() => response.end('{}'), delay),
      async (url) => {
        const config = loadSchema.parse({
          url,
          scenarios: [{ name: 'list tickets', path: '/' }],
          connections,
          warmup: '0s',
          duration: '2s',
        });
        await runLoad(this.world(), { reports: producedFolder(WEB.name, 'load'), config, variables: new Map() });
      },
    );
  }

  /** A real browser at a page. */
  async a11y(content = CONTENT): Promise<void> {
    await serving(
      (_request, response) => response.setHeader('content-type', 'text/html').end(pageOf(content)),
      async (url) => {
        const config = a11ySchema.parse({ url, pages: [{ name: 'start', path: '/' }] });
        await runA11y(this.world(), { reports: producedFolder(WEB.name, 'a11y'), config, variables: new Map() });
      },
    );
  }

  /** Starts what stands in for registries that have no advisories; the variables by which audits find it. */
  async advisories(): Promise<NodeJS.ProcessEnv> {
    const program = join(REPOSITORY, 'tools/advisories/answerer.mjs');
    this.answerer = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'ignore'] });
    const output = this.answerer.stdout;
    if (output === null) throw new Error('the answerer has no output');
    for await (const line of createInterface({ input: output })) {
      const variables = [...line.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value] as const);
      if (variables.length > 0) return Object.fromEntries(variables);
    }
    throw new Error('the answerer did not start');
  }

  remove(): void {
    this.answerer?.stdin?.end();
    rmSync(this.root, { recursive: true, force: true });
  }

  private world(): ReturnType<typeof createTestWorld> {
    const clock = { now: () => new Date(), sleep: () => Promise.resolve() };
    const run = createRun({ cwd: this.root, env: process.env });
    return { ...createTestWorld({ root: this.root, run, env: process.env }), clock };
  }
}

function pageOf(content: string): string {
  return `<!doctype html><html lang="en"><head><title>Acme</title></head><body><main>${content}</main></body></html>`;
}

const WEB = {
  name: 'web',
  root: 'packages/web',
  kind: 'npm' as const,
  dependencies: [],
  targets: ['test', 'release-audit', 'release-load', 'release-a11y', 'release-gate'],
};
const API = {
  name: 'api',
  root: 'packages/api',
  kind: 'python' as const,
  dependencies: [],
  targets: ['test', 'release-audit', 'release-migrations', 'release-gate'],
};

/** What `npm install lodash@<version>` leaves. */
export function dependingOn(version: string): Files {
  const manifest = { name: 'web', version: '1.0.0', dependencies: { lodash: version } };
  return {
    'packages/web/package.json': JSON.stringify(manifest),
    'package-lock.json': JSON.stringify({
      name: 'acme',
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': { name: 'acme', workspaces: ['packages/web'] },
        'node_modules/lodash': { version },
        'node_modules/web': { resolved: 'packages/web', link: true },
        'packages/web': manifest,
      },
    }),
  };
}

/** What test runs leave. */
export function tested({ failure = '', covered = 10 }: { failure?: string; covered?: number } = {}): Files {
  const test = `<testcase classname="ticket list" name="sorts by date" file="packages/web/list.test.js" line="7">${failure}</testcase>`;
  const failures = failure === '' ? 0 : 1;
  const junit = `<testsuite name="web" tests="2" failures="${failures}" errors="0" skipped="0"><testcase classname="title" name="is there"/>${test}</testsuite>`;
  const lines = Array.from({ length: 10 }, (_, index) => `DA:${index + 1},${index < covered ? 1 : 0}`).join('\n');
  return {
    'packages/web/reports/junit.xml': junit,
    'packages/api/reports/junit.xml':
      '<testsuite name="api" tests="1" failures="0"><testcase name="lists"/></testsuite>',
    'packages/web/coverage/lcov.info': `TN:\nSF:index.js\n${lines}\nLF:10\nLH:${covered}\nend_of_record\n`,
  };
}

function everyCriterion(): Record<string, object> {
  const on = new Date().toISOString().slice(0, 10);
  return Object.fromEntries(
    WCAG_21_AA.map(({ number }) => [number, { result: 'met', by: 'accessibility team', on, note: 'looked at it' }]),
  );
}

async function serving(listener: RequestListener, use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}
