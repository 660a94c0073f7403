import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { containersOf, removeAll, type Container } from './docker';
import { cleanEnvironment, identity, workspaceEnvironment } from './environment';
import {
  composeProject,
  ENVIRONMENTS,
  GOOD_SUITE,
  json,
  manifests,
  plainFiles,
  platformConfiguration,
  platformFiles,
  type Behaviour,
  type Configuration,
  type Deployment,
  type Environment,
  type Files,
  type Service,
  type Suite,
} from './files';
import { installation, provide } from './installation';
import { errorCode, killAll, MARK, must, start, type Running } from './processes';

/** How an nx run ended. */
export interface NxResult {
  readonly code: number | null;
  /** Both streams. */
  readonly output: string;
  /** What `--json` left; null where none was asked for or none was left. */
  readonly json: StepJson | null;
}

/** What an executor writes to its `--json` file. */
export interface StepJson {
  readonly project: string;
  readonly target: string;
  readonly dryRun: boolean;
  readonly outcome: { readonly kind: string; readonly [key: string]: unknown };
  readonly sentence: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Who approves every commit that the fixture makes. */
const REVIEWERS = ['Rita Reviewer <rita@acme.example>', 'Sam Second <sam@acme.example>'];

/** A workspace of its own, with the packed plugin, a bare remote and a name for what it leaves on the Docker Engine. */
export interface Workspace {
  readonly root: string;
  readonly remote: string;
  readonly deployment: Deployment;
  /** Runs nx to its end. */
  nx(...args: readonly string[]): Promise<NxResult>;
  /** Runs one target with `--json` and reads what it left. */
  step(...args: readonly string[]): Promise<NxResult>;
  /** As someone else. */
  stepAs(person: string, ...args: readonly string[]): Promise<NxResult>;
  /** Starts nx, to be stopped or killed. */
  start(...args: readonly string[]): Running;
  git(...args: readonly string[]): Promise<string>;
  write(files: Files): Promise<void>;
  read(path: string): Promise<string>;
  /** Writes, commits and pushes main; returns the commit. */
  commit(message: string, files?: Files): Promise<string>;
  suite(project: Service, change: Partial<Suite>): Files;
  behaviour(service: Service, behaviour: Behaviour): Files;
  /** Commits a change on main that makes a release of a kind, pushed; returns the commit. */
  change(message: string, files?: Files): Promise<string>;
  containers(environment: Environment): Promise<readonly Container[]>;
  /** What a service's health address answers. */
  health(environment: Environment, service: Service): Promise<{ readonly status: number; readonly body: unknown }>;
  /** Bodies of a stream's events, oldest first. */
  ledger(stream: string): Promise<readonly LedgerBody[]>;
  composeProject(environment: Environment): string;
  /** Marks the processes of this workspace. */
  readonly mark: string;
  /** Of its processes. */
  readonly environment: NodeJS.ProcessEnv;
  cleanUp(): Promise<void>;
}

/** An event's body, as the ledger's commits hold it. */
export interface LedgerBody {
  readonly kind: string;
  readonly version: string;
  readonly [key: string]: unknown;
}

export interface WorkspaceOptions {
  /** Changes the configuration before it is written. */
  readonly configure?: (configuration: Configuration) => void;
  /** Files besides or instead of the fixture's. */
  readonly files?: Files;
  /** Whether Nx starts each plugin in a process of its own, as it does for people. Default: not, since a start then costs half as much. */
  readonly isolatedPlugins?: boolean;
}

/**
 * @param kind `plain`: web and api, without configuration. `platform`: with `slipway.json`, images, staging and prod besides.
 */
export async function createWorkspace(
  kind: 'plain' | 'platform',
  { configure, files: extra = {}, isolatedPlugins = false }: WorkspaceOptions = {},
): Promise<Workspace> {
  const prefix = `slipway-e2e-${randomBytes(4).toString('hex')}`;
  const folder = await realpath(await mkdtemp(join(tmpdir(), `${prefix}-`)));
  const root = join(folder, 'acme');
  const remote = join(folder, 'remote.git');
  const environment = cleanEnvironment({
    ...workspaceEnvironment(folder),
    NX_ISOLATE_PLUGINS: String(isolatedPlugins),
    [MARK]: prefix,
  });
  const deployment: Deployment = { prefix, ports: await freePorts() };

  const git = (...args: readonly string[]): Promise<string> => must(['git', ...args], { cwd: root, env: environment });
  const run = (args: readonly string[], env: NodeJS.ProcessEnv = environment): Running =>
    start([process.execPath, join(root, 'node_modules/nx/dist/bin/nx.js'), ...args], { cwd: root, env });
  const nx = async (args: readonly string[], env?: NodeJS.ProcessEnv): Promise<NxResult> => ({
    ...(await run(args, env).ended),
    json: null,
  });
  let steps = 0;
  const step = async (args: readonly string[], env?: NodeJS.ProcessEnv): Promise<NxResult> => {
    const file = join(folder, `result-${(steps += 1)}.json`);
    const ended = await nx([...args, `--json=${file}`], env);
    return { ...ended, json: await readStep(file) };
  };
  const write = async (files: Files): Promise<void> => {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
  };

  await mkdir(root);
  const installed = await installation();
  await write({ ...manifests({ nx: '23.2.1', plugin: 'file:nx-slipway.tgz' }), ...plainFiles() });
  if (kind === 'platform') {
    const configuration = platformConfiguration(deployment);
    configure?.(configuration);
    await write(platformFiles(deployment, configuration));
  }
  await write(extra);
  await provide(installed, root);
  await cp(join(installed.folder, 'nx-slipway.tgz'), join(root, 'nx-slipway.tgz'));
  await must(['git', 'init', '--quiet', '--bare', remote], { cwd: folder, env: environment });
  await git('init', '--quiet');
  await git('remote', 'add', 'origin', remote);
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'chore: begin');
  await git('tag', '--annotate', '--message', 'Release v1.0.0', 'v1.0.0');
  await git('push', '--quiet', '--set-upstream', 'origin', 'main', 'v1.0.0');

  const commit = async (message: string, files: Files = {}): Promise<string> => {
    await write(files);
    await git('add', '--all');
    // Two others than its author approved it.
    const trailers = REVIEWERS.map((person) => `--trailer=Reviewed-by: ${person}`);
    await git('commit', '--quiet', '--allow-empty', '--message', message, ...trailers);
    await git('push', '--quiet', 'origin', 'HEAD');
    return git('rev-parse', 'HEAD');
  };

  return {
    root,
    remote,
    deployment,
    mark: prefix,
    environment,
    nx: (...args) => nx(args),
    step: (...args) => step(args),
    stepAs: (person, ...args) => step(args, { ...environment, ...identity(person) }),
    start: (...args) => run(args),
    git,
    write,
    read: (path) => readFile(join(root, path), 'utf8'),
    commit,
    suite: (project, change) => ({ [`packages/${project}/suite.json`]: json({ ...GOOD_SUITE, ...change }) }),
    behaviour: (service, behaviour) => ({ [`packages/${service}/behaviour`]: `${behaviour}\n` }),
    change: async (message, files = { 'packages/web/index.js': `// ${message} ${Date.now()}\n` }) => {
      await git('checkout', '--quiet', 'main');
      return commit(message, files);
    },
    containers: (name) => containersOf(composeProject(deployment, name)),
    health: async (name, service) => {
      const response = await fetch(`http://127.0.0.1:${deployment.ports[name][service]}/health/`, {
        signal: AbortSignal.timeout(5_000),
      });
      return { status: response.status, body: await response.json() };
    },
    ledger: async (stream) => {
      const ref = `refs/slipway/ledger/${stream}`;
      if ((await git('for-each-ref', ref)) === '') return [];
      const log = await git('log', '--reverse', '--format=%b%x00', ref);
      return log
        .split('\0')
        .filter((text) => text.trim() !== '')
        .map((text) => (JSON.parse(text) as { body: LedgerBody }).body);
    },
    composeProject: (name) => composeProject(deployment, name),
    cleanUp: async () => {
      await killAll(prefix);
      if (kind === 'platform')
        await removeAll(
          prefix,
          ENVIRONMENTS.map((name) => composeProject(deployment, name)),
        );
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function readStep(file: string): Promise<StepJson | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as StepJson;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

async function freePorts(): Promise<Deployment['ports']> {
  // All at once, so that they differ.
  const servers = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the system gave no port');
    return address.port;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  const [a = 0, b = 0, c = 0, d = 0] = ports;
  return { staging: { web: a, api: b }, prod: { web: c, api: d } };
}
