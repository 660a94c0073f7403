import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cleanEnvironment, workspaceEnvironment } from './support/environment';
import { must } from './support/processes';

/** The repository itself: what its own release will do. */
const REPOSITORY = resolve(__dirname, '../../..');
const PLUGIN = join(REPOSITORY, 'plugins/slipway');
const MEMBERS = ['frontend', 'backend', 'platform'];
const CHAIN = [
  'release-plan',
  'release-bump',
  'release-image',
  'release-check',
  'release-deploy--staging',
  'release-verify--staging',
  'release-tag',
  'release-deploy--prod',
  'release-verify--prod',
  'release-ship',
];
/** What leaves the reports that a project's gate judges. */
const PRODUCERS: Readonly<Record<string, readonly string[]>> = {
  frontend: ['test', 'release-audit', 'release-a11y'],
  backend: ['test', 'release-audit', 'release-migrations', 'release-load'],
  platform: ['test', 'release-integration'],
};
/** They measure what others at work beside them would change, or hold ports. */
const ALONE = ['release-a11y', 'release-load', 'release-integration'];
const FOR_PEOPLE = [
  'release-abandon',
  'release-approve',
  'release-bypass',
  'release-deploy',
  'release-doctor',
  'release-rollback',
  'release-status',
  'release-verify',
];

interface Task {
  readonly id: string;
  readonly cache: boolean;
  readonly parallelism: boolean;
}
interface TaskGraph {
  readonly tasks: Readonly<Record<string, Task>>;
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
}
interface Target {
  readonly executor: string;
  readonly dependsOn?: readonly (
    string | { readonly projects?: readonly string[]; readonly target: string; readonly params?: string }
  )[];
  readonly cache?: boolean;
  readonly inputs?: readonly unknown[];
  readonly outputs?: readonly string[];
  readonly options?: Readonly<Record<string, unknown>>;
  readonly configurations?: Readonly<Record<string, unknown>>;
  readonly defaultConfiguration?: string;
  readonly metadata?: {
    readonly technologies?: readonly string[];
    readonly description?: string;
    readonly help?: { readonly command?: string; readonly example?: object };
    readonly nonAtomizedTarget?: string;
  };
}
type Targets = Readonly<Record<string, Target>>;

describe("the Helpdesk's task graph", () => {
  let folder: string;
  let graph: TaskGraph;
  const targets = new Map<string, Targets>();

  const nx = (...args: string[]): Promise<string> =>
    must([process.execPath, join(REPOSITORY, 'node_modules/nx/dist/bin/nx.js'), ...args], {
      cwd: REPOSITORY,
      env: cleanEnvironment(workspaceEnvironment(folder)),
    });
  const of = (project: string): Targets => targets.get(project) ?? {};
  const inferred = (project: string): [string, Target][] =>
    Object.entries(of(project)).filter(([, { executor }]) => executor.startsWith('nx-slipway:'));
  const taskOf = (id: string): Task => graph.tasks[id] ?? fail(`there is no task ${id}`);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-e2e-graph-'));
    const file = join(folder, 'graph.json');
    await nx('run', 'platform:release-ship', `--graph=${file}`);
    graph = (JSON.parse(readFileSync(file, 'utf8')) as { tasks: TaskGraph }).tasks;
    for (const project of MEMBERS) {
      const shown = JSON.parse(await nx('show', 'project', project, '--json')) as { targets: Targets };
      targets.set(project, shown.targets);
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is the chain in its order, with every gate before the bump', () => {
    CHAIN.forEach((target, index) => {
      const before = index === 0 ? [] : [`platform:${CHAIN[index - 1] ?? ''}`];
      const gates = ['release-bump', 'release-check'].includes(target)
        ? MEMBERS.map((project) => `${project}:release-gate`)
        : [];
      expect([target, graph.dependencies[`platform:${target}`]]).toEqual([target, [...before, ...gates]]);
    });
    for (const [project, producers] of Object.entries(PRODUCERS)) {
      const tasks = producers.map((target) => `${project}:${target}`);
      expect(graph.dependencies[`${project}:release-gate`]).toEqual(tasks);
      for (const task of tasks) expect([task, graph.dependencies[task]]).toEqual([task, []]);
    }
  });

  it('holds every target that an edge names: Nx drops the others in silence', () => {
    for (const target of CHAIN) expect(of('platform')).toHaveProperty(target);
    const edges = MEMBERS.flatMap((project) =>
      inferred(project).flatMap(([, { dependsOn = [] }]) =>
        dependsOn.flatMap((edge) => {
          if (typeof edge === 'string') return [`${project}:${edge}`];
          return (edge.projects ?? [project]).map((name) => `${name}:${edge.target}`);
        }),
      ),
    );
    expect(edges.length).toBeGreaterThan(CHAIN.length);
    for (const edge of edges) {
      const [project = '', target = ''] = edge.split(':');
      expect(of(project)).toHaveProperty(target);
    }
  });

  it('forwards parameters along every mutating edge, and along no gate edge', () => {
    const edges = inferred('platform').flatMap(([, { dependsOn = [] }]) => dependsOn);
    const lifecycle = edges.filter(
      (edge) => typeof edge !== 'string' && edge.target !== 'release-gate' && edge.target.startsWith('release-'),
    );
    expect(lifecycle).toHaveLength(CHAIN.length - 1);
    for (const edge of lifecycle) expect(edge).toMatchObject({ params: 'forward' });
    const gates = edges.filter((edge) => typeof edge !== 'string' && edge.target === 'release-gate');
    expect(gates).toHaveLength(2);
    for (const edge of gates) expect(edge).not.toHaveProperty('params');
    for (const project of MEMBERS) {
      for (const edge of of(project)['release-gate']?.dependsOn ?? []) {
        expect(typeof edge === 'string' ? undefined : edge.params).not.toBe('forward');
      }
    }
  });

  it('puts nothing cacheable after the bump', () => {
    const after = (id: string): boolean => id === 'platform:release-bump' || (graph.dependencies[id] ?? []).some(after);
    const late = Object.keys(graph.tasks).filter(after);
    expect(late).toHaveLength(CHAIN.length - 1);
    for (const id of late) expect([id, taskOf(id).cache]).toEqual([id, false]);
    for (const project of MEMBERS) expect(taskOf(`${project}:release-gate`).cache).toBe(true);
  });

  it('runs nothing beside a step that writes', () => {
    for (const target of CHAIN) expect([target, taskOf(`platform:${target}`).parallelism]).toEqual([target, false]);
  });

  it('runs nothing beside a producer that measures a running stack', () => {
    for (const [project, producers] of Object.entries(PRODUCERS))
      for (const target of producers)
        expect([target, taskOf(`${project}:${target}`).parallelism]).toEqual([target, !ALONE.includes(target)]);
  });

  it('says of every inferred target what it is, whether it is cached, and how it is called', () => {
    expect(
      inferred('platform')
        .map(([name]) => name)
        .sort(),
    ).toEqual([...CHAIN, ...FOR_PEOPLE, 'release-integration', 'release-gate', 'release-judge'].sort());
    const cached = ['release-gate', ...Object.values(PRODUCERS).flat()];
    for (const project of MEMBERS) {
      for (const [name, target] of inferred(project)) {
        const id = `${project}:${name}`;
        expect([id, target.cache]).toEqual([id, cached.includes(name)]);
        expect([id, Array.isArray(target.inputs), Array.isArray(target.outputs)]).toEqual([id, true, true]);
        expect(target.metadata).toMatchObject({
          technologies: ['slipway'],
          description: expect.stringMatching(/^[A-Z].{20,}$/),
          help: { command: `npx nx run ${id} --help`, example: expect.any(Object) },
        });
        // Without Nx Cloud it aborts the run.
        expect(target.metadata).not.toHaveProperty('nonAtomizedTarget');
      }
    }
  });

  it('takes the environment of an atomised step from its name alone, and never guesses that of a parametric one', () => {
    for (const target of CHAIN) {
      expect([target, propertiesOf(of('platform')[target])]).toEqual([
        target,
        expect.not.arrayContaining(['env', 'environment']),
      ]);
      expect(Object.keys(of('platform')[target]?.configurations ?? {})).toEqual([]);
    }
    for (const name of ['release-bypass', 'release-deploy', 'release-verify', 'release-rollback']) {
      const target = of('platform')[name];
      expect(propertiesOf(target)).toContain('env');
      expect(target?.configurations).toEqual({ staging: { env: 'staging' }, prod: { env: 'prod' } });
      expect(target).not.toHaveProperty('defaultConfiguration');
      expect(target?.options ?? {}).not.toHaveProperty('env');
    }
  });

  it('offers --dry-run and --json wherever something is done', () => {
    for (const [, target] of inferred('platform')) {
      expect(propertiesOf(target)).toEqual(expect.arrayContaining(['json']));
      if (target.executor !== 'nx-slipway:status')
        expect(propertiesOf(target)).toEqual(expect.arrayContaining(['dryRun']));
    }
  });
});

/** Options that an executor takes, by its schema. */
function propertiesOf(target: Target | undefined): string[] {
  const name = target?.executor.replace('nx-slipway:', '') ?? '';
  const { executors } = read('executors.json') as {
    executors: Record<string, { schema: string; implementation: string } | undefined>;
  };
  const executor = executors[name] ?? fail(`there is no executor ${name}`);
  expect(existsSync(join(PLUGIN, `${executor.implementation}.js`))).toBe(true);
  return Object.keys((read(executor.schema) as { properties: object }).properties);
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(join(PLUGIN, path), 'utf8'));
}

function fail(message: string): never {
  throw new Error(message);
}
