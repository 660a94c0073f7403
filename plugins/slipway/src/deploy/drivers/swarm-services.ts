import { z } from 'zod';
import { docker, dockerText, EngineError, findImage } from '../../image/engine';
import type { Run } from '../../io/exec';
import { COMMIT_LABEL, VERSION_LABEL, VERSIONLESS_LABEL } from './compose-containers';
import type { RunningService } from './driver';
import { DESCRIPTION_LABEL, IMAGE_LABEL } from './swarm-stack-file';

const NAMESPACE = 'com.docker.stack.namespace';

const labels = z.record(z.string(), z.string()).nullish();
const template = z.object({
  ContainerSpec: z.object({
    Image: z.string(),
    Labels: labels,
    Healthcheck: z.object({ Test: z.array(z.string()).nullish() }).nullish(),
  }),
});
const services = z.array(
  z.object({
    ID: z.string(),
    Spec: z.object({
      Name: z.string(),
      TaskTemplate: template,
      Mode: z.object({ Replicated: z.object({ Replicas: z.number().nullish() }).nullish() }),
    }),
    UpdateStatus: z.object({ State: z.string().nullish(), Message: z.string().nullish() }).nullish(),
  }),
);
const tasks = z.array(
  z.object({
    ID: z.string(),
    ServiceID: z.string(),
    NodeID: z.string().default(''),
    Slot: z.number().default(0),
    CreatedAt: z.string(),
    DesiredState: z.string(),
    Spec: template,
    Status: z.object({
      Timestamp: z.string().nullish(),
      State: z.string(),
      Err: z.string().default(''),
      ContainerStatus: z.object({ ContainerID: z.string().default(''), ExitCode: z.number().default(0) }).nullish(),
    }),
  }),
);
const nodes = z.array(z.object({ ID: z.string(), Hostname: z.string(), Status: z.string() }));

export type Task = z.output<typeof tasks>[number];

/** A service of a stack as the managers see it. */
export interface SwarmService {
  /** As the compose file calls it. */
  readonly service: string;
  /** Of the managers' bookkeeping of the last update; null where there was none. */
  readonly update: { readonly state: string; readonly message: string } | null;
  /** Tasks that are to run; null where each node has one. */
  readonly replicas: number | null;
}

/** A task with where it runs. */
export interface SwarmTask extends RunningService {
  readonly node: string;
  readonly nodeName: string;
  readonly container: string;
  /** Which description it was made from; null where that is unknown. */
  readonly description: string | null;
  /** What the engine says is wrong with it; empty for nothing. */
  readonly error: string;
}

export interface Stack {
  readonly services: readonly SwarmService[];
  readonly running: readonly SwarmTask[];
}

/**
 * What a stack runs on all nodes, by the managers' state: containers of other nodes can't be asked. A task with a healthcheck is `running`
 * to them only once it is healthy, and fails when it is not any more.
 * @throws {EngineError} also where the managers have lost their quorum.
 */
export async function readStack(run: Run, stack: string): Promise<Stack> {
  const listed = await lines(run, ['service', 'ls', '--quiet', '--filter', `label=${NAMESPACE}=${stack}`]);
  if (listed.length === 0) return { services: [], running: [] };
  const [found, ids, known] = await Promise.all([
    inspect(run, 'service', listed, services),
    lines(run, ['service', 'ps', '--quiet', '--no-trunc', ...listed]),
    readNodes(run),
  ]);
  const all = await inspect(run, 'task', ids, tasks);
  const healthchecks = await imageHealthchecks(run, all);
  const result: SwarmTask[] = [];
  for (const item of found) {
    const own = all.filter((task) => task.ServiceID === item.ID);
    for (const task of currentTasks(own))
      result.push(describeTask(shortName(item.Spec.Name, stack), task, own, known, healthchecks));
  }
  return {
    running: result,
    services: found.map(({ Spec, UpdateStatus }) => ({
      service: shortName(Spec.Name, stack),
      update: UpdateStatus?.State ? { state: UpdateStatus.State, message: UpdateStatus.Message ?? '' } : null,
      replicas: Spec.Mode.Replicated?.Replicas ?? null,
    })),
  };
}

/** Those that are to run; where none of a service is, the one that ended last. */
export function currentTasks(all: readonly Task[]): readonly Task[] {
  const wanted = all.filter(({ DesiredState }) => !['shutdown', 'remove', 'orphaned'].includes(DesiredState));
  if (wanted.length > 0) return wanted;
  const last = [...all].sort((a, b) => b.CreatedAt.localeCompare(a.CreatedAt))[0];
  return last === undefined ? [] : [last];
}

function describeTask(
  service: string,
  task: Task,
  siblings: readonly Task[],
  known: ReadonlyMap<string, { readonly name: string; readonly ready: boolean }>,
  healthchecks: ReadonlyMap<string, boolean>,
): SwarmTask {
  const { Image, Labels, Healthcheck } = task.Spec.ContainerSpec;
  const own = Labels ?? {};
  const node = known.get(task.NodeID);
  const wanted = currentTasks(siblings).includes(task) && task.DesiredState === 'running';
  const running = task.Status.State === 'running' && node?.ready === true;
  const ended = ['complete', 'failed', 'rejected', 'shutdown', 'orphaned', 'remove'].includes(task.Status.State);
  const test = Healthcheck?.Test ?? [];
  const checked = test.length > 0 ? test[0] !== 'NONE' : healthchecks.get(Image) === true;
  const version = own[VERSION_LABEL];
  const commit = own[COMMIT_LABEL];
  const before = siblings.filter(
    (other) =>
      other !== task &&
      other.Slot === task.Slot &&
      other.Status.State === 'failed' &&
      other.Spec.ContainerSpec.Image === Image,
  );
  return {
    service,
    instance: task.ID,
    image: imageId(Image, own[IMAGE_LABEL]),
    // On its way up it counts as a container that is not healthy yet.
    running: running || (wanted && !ended && node?.ready !== false),
    ...(wanted && ended ? { restarting: true } : {}),
    ...(own[VERSIONLESS_LABEL] === undefined ? {} : { versionless: true }),
    exitCode: task.Status.ContainerStatus?.ExitCode || (task.Status.State === 'complete' ? 0 : ended ? 1 : 0),
    health: running ? (checked ? 'healthy' : 'none') : ended ? 'unhealthy' : 'starting',
    release: version !== undefined && commit !== undefined ? { version, commit } : null,
    restarts: before.length,
    startedAt: task.Status.State === 'running' ? (task.Status.Timestamp ?? null) : null,
    node: task.NodeID,
    nodeName: node?.name ?? task.NodeID,
    container: task.Status.ContainerStatus?.ContainerID ?? '',
    description: own[DESCRIPTION_LABEL] ?? null,
    error: task.Status.Err,
  };
}

/**
 * A digest pins the image whose id was compared when it was pulled; a tag pins nothing. The label counts only for the image that it was
 * written for: `docker service update --image` leaves it as it was.
 */
export function imageId(image: string, label: string | undefined): string {
  const [reference, id] = label?.split(' ') ?? [];
  return image.includes('@sha256:') && reference === image && id !== undefined ? id : image;
}

/** Whether images bring a healthcheck of their own; what this engine doesn't have, nobody knows. */
async function imageHealthchecks(run: Run, all: readonly Task[]): Promise<ReadonlyMap<string, boolean>> {
  const images = new Set(all.map(({ Spec }) => Spec.ContainerSpec.Image));
  return new Map(
    await Promise.all(
      [...images].map(async (image) => [image, (await findImage(run, image))?.healthcheck != null] as const),
    ),
  );
}

async function readNodes(run: Run): Promise<ReadonlyMap<string, { readonly name: string; readonly ready: boolean }>> {
  const listed = await lines(run, ['node', 'ls', '--format', '{{json .}}']);
  const all = nodes.parse(listed.map((line) => JSON.parse(line) as unknown));
  return new Map(all.map(({ ID, Hostname, Status }) => [ID, { name: Hostname, ready: Status === 'Ready' }]));
}

async function inspect<T>(
  run: Run,
  kind: 'service' | 'task',
  ids: readonly string[],
  shape: z.ZodType<T[]>,
): Promise<T[]> {
  if (ids.length === 0) return [];
  // What went away between two commands makes it fail, but the others are printed.
  const { stdout, stderr, exitCode } = await docker(run, ['inspect', '--type', kind, ...ids]);
  if (exitCode !== 0 && !/no such/i.test(stderr))
    throw new EngineError(`the swarm can't be asked: ${stderr.trim().split('\n').at(-1) ?? ''}`, 'docker node ls');
  return shape.parse(JSON.parse(stdout));
}

async function lines(run: Run, args: readonly string[]): Promise<readonly string[]> {
  return (await dockerText(run, args)).split('\n').filter((line) => line !== '');
}

function shortName(name: string, stack: string): string {
  return name.startsWith(`${stack}_`) ? name.slice(stack.length + 1) : name;
}
