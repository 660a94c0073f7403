import { docker, EngineError } from '../../image/engine';
import { RunError } from '../../io/exec';
import type { DeployedRelease, ServiceDigests } from '../../ledger/events';
import { showDuration } from '../duration';
import { compareRunning } from '../read-back';
import { lastLines, sanitise } from '../sanitise';
import { digestsFor, type ComposeHost } from './compose-host';
import type { ApplyResult, ServiceProblem } from './driver';
import { showProgress } from './progress';
import { ensureImages } from './release-images';
import { removeAbandonedJobs } from './swarm-jobs';
import { readServiceLog } from './swarm-logs';
import { readStack, type Stack } from './swarm-services';
import { describedServices } from './swarm-stack-file';

/** A stack file that lies where only this user can read it. */
export interface PlacedStack {
  readonly file: string;
  readonly text: string;
  readonly secrets: readonly string[];
}

type Problem = Omit<ServiceProblem, 'log'>;

/** Milliseconds between two looks. */
const LOOK = 500;

/** Arguments of `docker` that make a stack what the file says. Images are named by digest already. */
export function deployArguments(project: string, file: string): readonly string[] {
  return [
    'stack',
    'deploy',
    '--resolve-image',
    'never',
    '--with-registry-auth',
    '--prune',
    '--compose-file',
    file,
    project,
  ];
}

/** Makes the swarm run a stack file, waits until it has converged, and reads back what runs. */
export async function applyStack(
  host: ComposeHost,
  release: DeployedRelease,
  stack: PlacedStack,
  guard: () => Promise<void>,
): Promise<ApplyResult> {
  const { world, config } = host;
  const { run, clock } = world;
  const asked = digestsFor(host, release);
  const started = clock.now().getTime();
  const waited = () => clock.now().getTime() - started;
  await guard();
  const jobs = await removeAbandonedJobs(run, config.project);
  if (jobs > 0) world.log.info('Removed a program that a deployment that was cut off had left running');
  const missing = await ensureImages(host, release, guard);
  const before = await readStack(run, config.project);
  if (missing !== null)
    return {
      kind: 'unhealthy',
      problems: [{ ...missing, kind: 'engine', log: [] }],
      running: before.running,
      waited: waited(),
    };

  const described = describedServices(stack.text);
  const look = async () => (await readStack(run, config.project)).running;
  const { problems, now } = await showProgress(world, asked, look, waited, async () => {
    await guard();
    const failure = await deploy(host, stack, guard);
    return failure === null
      ? converge(host, asked, described)
      : { problems: [failure], now: await readStack(run, config.project) };
  });
  for (const { service } of before.services)
    if (!Object.hasOwn(described, service) && !now.services.some((item) => item.service === service))
      world.log.info(`${service} is not in the compose file any more: removed`);
  const explained = await Promise.all(
    problems.map(async (problem): Promise<ServiceProblem> => {
      const log = now.services.some(({ service }) => service === problem.service)
        ? await lastWords(host, problem.service, new Date(started), stack.secrets)
        : [];
      return { ...problem, problem: `${problem.problem} after ${showDuration(waited())}`, log };
    }),
  );
  const [first, ...others] = explained;
  if (first === undefined) return { kind: 'applied', running: now.running, waited: waited() };
  return { kind: 'unhealthy', problems: [first, ...others], running: now.running, waited: waited() };
}

/** Milliseconds that managers may be without a leader, or too busy to answer. */
const PATIENCE = 20_000;
/** How often a description is handed over where the managers changed a service at the same moment. */
const ATTEMPTS = 3;

/** The last lines of a service. That a node which is down can't give its own is no reason to lose the problem itself. */
async function lastWords(
  host: ComposeHost,
  service: string,
  since: Date,
  secrets: readonly string[],
): Promise<readonly string[]> {
  try {
    return lastLines((await readServiceLog(host, service, since, secrets)).join('\n'), 12);
  } catch (error) {
    if (error instanceof EngineError) return [error.message];
    if (error instanceof RunError && error.failure === 'timedOut')
      return [`the log of ${service} did not come in time`];
    throw error;
  }
}

async function deploy(
  { world, config, upTimeout }: ComposeHost,
  stack: PlacedStack,
  guard: () => Promise<void>,
): Promise<Problem | null> {
  const engine = (problem: string): Problem => ({ service: 'stack', kind: 'engine', problem });
  try {
    const argv = deployArguments(config.project, stack.file);
    for (let attempt = 1; ; attempt += 1) {
      const { exitCode, stderr } = await docker(world.run, argv, { timeout: upTimeout });
      if (exitCode === 0) return null;
      const said = lastLines(sanitise(stderr, stack.secrets), 1)[0] ?? `docker stack deploy failed (exit ${exitCode})`;
      if (!/update out of sequence/i.test(said) || attempt >= ATTEMPTS) return engine(said);
      await world.clock.sleep(LOOK);
      await guard();
    }
  } catch (error) {
    if (error instanceof RunError && error.failure === 'timedOut')
      return engine(`docker stack deploy took longer than ${showDuration(upTimeout)}`);
    throw error;
  }
}

/** Looks until every service has its tasks and the managers have ended their updates, gave up, or the health time-out is over. */
async function converge(
  { world, config, healthTimeout }: ComposeHost,
  asked: ServiceDigests,
  described: Readonly<Record<string, string | null>>,
): Promise<{ readonly problems: readonly Problem[]; readonly now: Stack }> {
  const deadline = world.clock.now().getTime() + healthTimeout;
  let silentSince: number | null = null;
  for (;;) {
    let now: Stack;
    try {
      now = await readStack(world.run, config.project);
      silentSince = null;
    } catch (error) {
      // Managers that lost one of them elect a leader; meanwhile they know nothing.
      if (!(error instanceof EngineError)) throw error;
      const time = world.clock.now().getTime();
      silentSince ??= time;
      if (time - silentSince >= PATIENCE || time >= deadline) throw error;
      await world.clock.sleep(LOOK);
      world.stop.check();
      continue;
    }
    const { problems, hopeless } = judge(asked, now, described);
    if (problems.length === 0 || hopeless || world.clock.now().getTime() >= deadline) return { problems, now };
    await world.clock.sleep(LOOK);
    world.stop.check();
  }
}

/** What keeps a stack from being what was asked for, and whether waiting could not mend it. Pure. */
export function judge(
  asked: ServiceDigests,
  { services, running }: Stack,
  described: Readonly<Record<string, string | null>> = {},
): { readonly problems: readonly Problem[]; readonly hopeless: boolean } {
  const problems: Problem[] = [];
  let hopeless = false;
  for (const { service, update, replicas } of services) {
    const tasks = running.filter((task) => task.service === service);
    const error = tasks.find((task) => task.error !== '')?.error ?? '';
    const why = update?.message ? ` (${update.message})` : '';
    switch (update?.state) {
      case 'rollback_completed':
        hopeless = true;
        problems.push({ service, kind: 'unhealthy', problem: `${service}: the engine rolled it back by itself${why}` });
        break;
      case 'paused':
      case 'rollback_paused':
        hopeless = true;
        problems.push({ service, kind: 'unhealthy', problem: `${service}: the engine gave its update up${why}` });
        break;
      case 'rollback_started':
        problems.push({
          service,
          kind: 'unhealthy',
          problem: `${service}: the engine is rolling it back by itself${why}`,
        });
        break;
      case 'updating':
        problems.push({
          service,
          kind: 'starting',
          problem: `${service} is still being updated${error && `: ${error}`}`,
        });
        break;
      default: {
        const label = described[service] ?? null;
        const old = label === null ? [] : tasks.filter(({ description }) => description !== label);
        const up = tasks.filter((task) => task.startedAt !== null && task.running).length;
        const ended = tasks.length > 0 && tasks.every((task) => !task.running && task.exitCode === 0);
        if (old.length > 0)
          // The managers say that they are updating only a moment after they were told to.
          problems.push({
            ...{ service, kind: 'starting' as const },
            problem: `${service}: ${old.length} of ${tasks.length} tasks are of an earlier deployment`,
          });
        else if (replicas !== null && up !== replicas && !ended)
          problems.push({
            ...{ service, kind: 'starting' as const },
            problem: `${service}: ${up} of ${replicas} tasks run${error && `: ${error}`}`,
          });
      }
    }
  }
  for (const service of Object.keys(described))
    if (!services.some((item) => item.service === service))
      problems.push({ service, kind: 'missing', problem: `${service} does not run` });
  const told = new Set(problems.map(({ service }) => service));
  const compared = compareRunning(asked, running);
  // Each service once: its tasks mostly have the same to say.
  for (const problem of compared)
    if (!told.has(problem.service)) {
      told.add(problem.service);
      problems.push(problem);
      if (problem.kind === 'unknownHealth') hopeless = true;
    }
  return { problems, hopeless };
}
