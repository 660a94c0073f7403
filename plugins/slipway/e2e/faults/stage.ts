import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { docker } from '../support/docker';
import { must, processesOf, start, until, type Ended } from '../support/processes';
import { createWorkspace, type Workspace, type WorkspaceOptions } from '../support/workspace';
import { readTask, RECORDED_OUTCOME, runTask, type RecordedTask } from './recorded-task';
import { addSchema, configureSchema, list, LIST, MIGRATIONS, names, type Schema } from './schema';

/** A release as it serves. */
export interface Served {
  readonly version: string;
  /** Image ids, by service. */
  readonly digests: Readonly<Record<string, string>>;
  /** Names of the migrations that belong to it; empty without a database. */
  readonly migrations: readonly string[];
}

/** A state of the stage that it can be put back into. */
export interface Scene {
  readonly folder: string;
  readonly serving: Served;
}

export interface Stage {
  readonly workspace: Workspace;
  readonly before: Served;
  readonly after: Served;
  readonly schema: Schema | null;
  /** The first release serves and is verified in staging, the next one may be deployed there. */
  readonly ready: Scene;
  /** Keeps refs, files and the remote as they are. */
  save(name: string, serving: Served): Promise<Scene>;
  /** Puts refs, files, remote, database and containers back. */
  reset(scene: Scene): Promise<void>;
  /** Runs nx with more in its environment. */
  nx(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Runs a step to its end, by the process that Nx starts for it: the first time through Nx itself. */
  step(command: readonly string[], outcome: string, env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Waits until no process of the workspace is left. */
  quiet(): Promise<void>;
  cleanUp(): Promise<void>;
}

export interface StageOptions extends WorkspaceOptions {
  /** Whether staging has a database. */
  readonly database?: boolean;
}

const KEPT = new Set(['node_modules']);
const SEAM = join(__dirname, '../../../../tools/faults/seam.cjs');

export async function createStage({ database = false, ...options }: StageOptions = {}): Promise<Stage> {
  const workspace = await createWorkspace('platform', {
    ...options,
    configure: (configuration) => {
      delete (configuration.environments as Partial<typeof configuration.environments>).prod;
      if (database) configureSchema(configuration);
      options.configure?.(configuration);
    },
  });
  const schema = database ? await addSchema(workspace) : null;
  try {
    return await prepare(workspace, schema);
  } catch (error) {
    await workspace.cleanUp();
    await schema?.cleanUp();
    throw error;
  }
}

async function prepare(workspace: Workspace, schema: Schema | null): Promise<Stage> {
  const { root, remote, environment } = workspace;
  const project = workspace.composeProject('staging');
  const nx: Stage['nx'] = (args, env = {}) =>
    start([process.execPath, join(root, 'node_modules/nx/dist/bin/nx.js'), ...args], {
      cwd: root,
      env: { ...environment, ...env },
    }).ended;
  const mustNx = async (...args: readonly string[]): Promise<void> => {
    const { code, output } = await nx(args);
    if (code !== 0) throw new Error(`nx ${args.join(' ')} ended with ${String(code)}:\n${output}`);
  };
  const tasks = new Map<string, RecordedTask>();
  let recordings = 0;

  async function quiet(): Promise<void> {
    const none = async () => (await processesOf(workspace.mark)).length === 0;
    await until('every process of the workspace is gone', none, 90_000);
  }

  async function save(name: string, serving: Served): Promise<Scene> {
    const folder = join(dirname(root), 'scenes', name);
    await mkdir(folder, { recursive: true });
    await cp(remote, join(folder, 'remote.git'), { recursive: true });
    const filter = (path: string): boolean => !KEPT.has(path.split('/').at(-1) ?? '');
    await cp(root, join(folder, 'acme'), { recursive: true, filter });
    return { folder, serving };
  }

  async function putFilesBack({ folder }: Scene): Promise<void> {
    await rm(remote, { recursive: true, force: true });
    await cp(join(folder, 'remote.git'), remote, { recursive: true });
    for (const entry of await readdir(root))
      if (!KEPT.has(entry)) await rm(join(root, entry), { recursive: true, force: true });
    await cp(join(folder, 'acme'), root, { recursive: true });
  }

  async function putContainersBack({ serving: { version, digests } }: Scene): Promise<void> {
    // Else a deployment finds them, and the side effects are not the same in each run.
    const kept = await docker('ps', '--all', '--quiet', ...labelled(project, 'slipway.keeps'));
    if (kept !== '') await docker('rm', '--force', ...kept.split('\n'));
    const containers = await workspace.containers('staging');
    const serves =
      containers.length === Object.keys(digests).length &&
      containers.every(({ service, image, running }) => running && digests[service] === image);
    if (serves) return;
    const all = await docker('ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${project}`);
    const left = all.split('\n').filter(Boolean);
    if (left.length > 0) await docker('rm', '--force', '--volumes', ...left);
    // As its deployment rendered it.
    const description = join(root, `.slipway/deploy/staging/${version}/compose.yml`);
    await must(
      [
        ...(['docker', 'compose', '-p', project, '-f', description] as const),
        ...['--project-directory', join(root, 'packages/platform'), '--env-file', '/dev/null'],
        ...['up', '-d', '--wait', '--no-build'],
      ],
      { cwd: root, env: environment },
    );
  }

  await workspace.change('feat(web): the first that is deployed');
  await mustNx('run', 'platform:release-ship');
  const containers = await workspace.containers('staging');
  const first = Object.fromEntries(containers.map(({ service, image }) => [service, image]));
  await workspace.change('feat: both are new', {
    'packages/web/index.js': '// the second\n',
    'packages/api/acme/__init__.py': 'TITLE = "Acme, the second"\n',
    ...(schema === null ? {} : { [LIST]: list(MIGRATIONS.second) }),
  });
  await mustNx('run', 'platform:release-check');
  const images = (await workspace.ledger('release')).findLast(({ kind }) => kind === 'images');
  const migrations = (of: readonly string[]): readonly string[] => (schema === null ? [] : names(of));
  const before = { version: '1.1.0', digests: first, migrations: migrations(MIGRATIONS.first) };
  const after = {
    version: '1.2.0',
    // With what is no part of the release and stays.
    digests: { ...first, ...(images?.['services'] as Served['digests']) },
    migrations: migrations(MIGRATIONS.second),
  };

  return {
    ...{ workspace, before, after, schema, save, nx, quiet },
    ready: await save('ready', before),
    async reset(scene) {
      await quiet();
      await putFilesBack(scene);
      await putContainersBack(scene);
      await schema?.set(scene.serving.migrations);
    },
    async step(command, outcome, env = {}) {
      const known = tasks.get(command.join(' '));
      if (known !== undefined) return runTask(known, outcome, env);
      // Two commands may run at the same time.
      const file = join(dirname(root), `task-${(recordings += 1)}.json`);
      const seam = { log: join(dirname(root), 'task.log'), ...parse(env['SLIPWAY_SEAM']), task: { file, outcome } };
      const ended = await nx([...command, `--json=${outcome}`], {
        ...env,
        NODE_OPTIONS: `--require=${SEAM}`,
        SLIPWAY_SEAM: JSON.stringify(seam),
      });
      const task = await readTask(file);
      const message = JSON.parse(JSON.stringify(task.message).replaceAll(outcome, RECORDED_OUTCOME)) as object;
      tasks.set(command.join(' '), { ...task, message });
      return ended;
    },
    async cleanUp() {
      await workspace.cleanUp();
      await schema?.cleanUp();
    },
  };
}

function labelled(project: string, label: string): readonly string[] {
  return ['--filter', `label=com.docker.compose.project=${project}`, '--filter', `label=${label}`];
}

function parse(text: string | undefined): object {
  return text === undefined ? {} : (JSON.parse(text) as object);
}
