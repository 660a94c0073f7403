import { milliseconds, showDuration } from '../deploy/duration';
import { stopReason, wasStopped, withLock } from '../deploy/session';
import { EngineError } from '../image/engine';
import type { StoredEvent } from '../ledger/events';
import { LedgerError } from '../ledger/ledger';
import type { Outcome } from '../ledger/outcome';
import { foldEnvironment, type CurrentRelease, type EnvironmentState } from '../ledger/state';
import { impossible, type Attempt } from './attempt';
import { deployedSubject } from './deployed-subject';
import { follow, runOf, type Run } from './follow';
import { judgeMeasurements, type Verification } from './judge';
import { judgeRunning } from './judge-running';
import { NOTHING_MEASURED } from './judge-sequence';
import { createMeter } from './meter';
import { report, seenSoFar } from './run-probes';
import { taskOf, toMeasurement, type Task } from './task';
import { conclude, lockFor, refuse, type VerifyDeploymentRequest } from './verify-release';

export interface WatchRequest extends VerifyDeploymentRequest {
  /** Milliseconds to watch. */
  readonly watch: number;
}

/** Milliseconds between two looks at what others recorded. */
const LEDGER_INTERVAL = 10_000;
const TICK = 250;
/** Milliseconds between two lines of progress, at least. */
const SHORTEST_STEP = 30_000;

/**
 * Measures what is deployed for a while: the time after a release in which somebody should look. The verdict is recorded when it changes
 * and at the end; the environment's lock is held for that alone, so that a person can roll back meanwhile. Unhealthy ends it with a
 * rollback or a hold, as configured; unknown is told, and watched on. Another deployment or rollback ends it, too.
 */
export async function watchDeployment(request: WatchRequest): Promise<Outcome> {
  const { environment, watch, world, ledger } = request;
  const events = await ledger.read(environment);
  const state = foldEnvironment(events);
  if (request.dryRun === true) {
    const what = request.version ?? state.current?.version ?? 'what is deployed';
    return { kind: 'wouldDo', summary: `watch ${what} in ${environment} for ${showDuration(watch)}` };
  }
  const refusal = refuse(request, state);
  if (refusal !== null || state.current === null)
    return { kind: 'refused', refusals: refusal === null ? [] : [refusal] };
  const watching = await begin(request, events, state.current);
  try {
    return await watchOver(request, watching);
  } catch (error) {
    if (wasStopped(error, world)) return cutShort(request, watching, stopReason(world));
    if (error instanceof LedgerError) return cutShort(request, watching, `the ledger failed (${error.message})`);
    throw error;
  } finally {
    watching.ended = true;
  }
}

interface Watching {
  readonly current: CurrentRelease;
  readonly runs: readonly Run[];
  readonly began: number;
  /** The verdict that stands in the ledger by this watch; null before the first. */
  recorded: Verification | null;
  ended: boolean;
}

async function begin(
  request: WatchRequest,
  events: readonly StoredEvent[],
  current: CurrentRelease,
): Promise<Watching> {
  const { world, config } = request;
  const meter = await createMeter(deployedSubject(request, events, current));
  const tasks = config.verify.probes.map((probe) => taskOf(probe, config.verify, meter));
  const runs = [...tasks, engineTask(request, current)].map(runOf);
  return { current, runs, began: world.clock.now().getTime(), recorded: null, ended: false };
}

/** Whether the release still runs as it was deployed. */
function engineTask({ driver, config }: WatchRequest, current: CurrentRelease): Task {
  const measure = async (): Promise<Attempt> => {
    try {
      return judgeRunning(current, await driver.current());
    } catch (error) {
      if (error instanceof EngineError) return impossible(error.message);
      throw error;
    }
  };
  const interval = Math.max(milliseconds(config.verify.interval), 1_000);
  const limits = { failureLimit: null, consecutiveFailureLimit: 2, noData: 'unknown' } as const;
  return {
    name: 'running services',
    kind: 'engine',
    query: 'the services that were deployed',
    rules: { attempts: 3, forgives: 'failures', count: 1, ...limits },
    initialDelay: 0,
    interval,
    measure,
  };
}

async function watchOver(request: WatchRequest, watching: Watching): Promise<Outcome> {
  const { world, watch, environment } = request;
  const { runs, began, current } = watching;
  const now = () => world.clock.now().getTime();
  const over = () => now() >= began + watch;
  world.log.info(`Watching ${current.version} in ${environment} for ${showDuration(watch)}`);
  let failure: { readonly error: unknown } | null = null;
  const following = runs.map((run) =>
    follow(run, {
      world,
      goesOn: () => !watching.ended && failure === null && !(over() && run.course.health !== null),
      measured: () => measured(request, run),
    }).catch((error: unknown) => {
      failure ??= { error };
    }),
  );
  const seen = { ledger: now(), told: now(), blocked: false };
  // The first verdict may take longer than the watch: it is waited for, within the probes' own limits.
  const step = Math.max(SHORTEST_STEP, watch / 20);
  for (;;) {
    await world.clock.sleep(TICK);
    world.stop.check();
    if (failure !== null) throw (failure as { readonly error: unknown }).error;
    if (now() - seen.ledger >= LEDGER_INTERVAL) {
      const moved = await movedOn(request, current);
      if (moved !== null) return cutShort(request, watching, moved);
      seen.ledger = now();
    }
    const verdict = verdictOf(runs);
    const finished = over() && verdict !== null;
    if (verdict !== null && (finished || verdict.health !== watching.recorded?.health)) {
      const outcome = await recordVerdict(request, watching, verdict);
      if (outcome.kind === 'failed') world.stop.check();
      const blocked = outcome.kind === 'refused' && outcome.refusals.some(({ id }) => id === 'lockFree');
      if (finished || watching.ended || (!blocked && outcome.kind !== 'done' && outcome.kind !== 'unknown')) {
        watching.ended = true;
        await Promise.all(following);
        return finished && outcome.kind === 'done' ? endWell(request, watching, outcome) : outcome;
      }
      if (blocked && !seen.blocked) world.log.warn(`The verdict can't be recorded yet: ${reasonOf(outcome)}`);
      if (!blocked) watching.recorded = verdict;
      seen.blocked = blocked;
    }
    if (now() - seen.told >= step && !over()) {
      seen.told = now();
      const left = showDuration(began + watch - now());
      world.log.info(`Watching: ${left} left, ${verdict?.health ?? 'no verdict yet'}, ${seenSoFar(runs)}`);
    }
  }
}

/** Tells what changed; a probe that turned out unknown is tried anew, because the watch goes on. */
function measured({ world }: WatchRequest, run: Run): void {
  const { course } = run;
  const { standing } = course.tally;
  if (standing === 'measuring' && course.last?.result !== 'passed')
    world.log.info(`${run.task.name}: ${course.last?.seen ?? ''} (looking again)`);
  if (standing === 'unhealthy') report(world.log, toMeasurement(run.task, course));
  if (standing === 'unknown') {
    report(world.log, toMeasurement(run.task, course));
    run.course = { ...course, tally: NOTHING_MEASURED };
  }
}

/** One verdict over everything; null while something has none yet, unless something else is unhealthy already. */
function verdictOf(runs: readonly Run[]): Verification | null {
  const unhealthy = runs.some(({ course }) => course.health === 'unhealthy');
  if (!unhealthy && runs.some(({ course }) => course.health === null)) return null;
  // That what was deployed runs is no measurement of whether it is healthy, unless it does not.
  const told = runs.filter(({ task, course }) => task.kind !== 'engine' || course.health !== 'healthy');
  return judgeMeasurements(told.map(({ task, course }) => toMeasurement(task, course)));
}

/** Writes the verdict under the lock, if the release is still the one that serves, and rolls back where that is asked for. */
function recordVerdict(request: WatchRequest, watching: Watching, verdict: Verification): Promise<Outcome> {
  const { current } = watching;
  return withLock(request, lockFor(request, `verify ${current.version}`), async (session) => {
    const state = foldEnvironment(await session.ledger.read(session.environment));
    const moved = moveOf(state, current);
    if (moved !== null || state.current === null) {
      watching.ended = true;
      return cutShort(request, watching, moved ?? 'nothing serves any more');
    }
    session.world.stop.check();
    return conclude(session, request, state, state.current, verdict);
  });
}

/** Why what is watched is no longer what serves, by the ledger that others write, too; null where it is. */
async function movedOn({ ledger, environment }: WatchRequest, current: CurrentRelease): Promise<string | null> {
  await ledger.refresh();
  return moveOf(foldEnvironment(await ledger.read(environment)), current);
}

function moveOf({ current, unfinished, doubt }: EnvironmentState, watched: CurrentRelease): string | null {
  if (unfinished !== null) {
    const what = unfinished.kind === 'deploy.intent' ? 'a deployment of' : 'a rollback from';
    return `${what} ${unfinished.version} began meanwhile`;
  }
  if (doubt !== null) return `a deployment of ${doubt.release.version} ended in doubt meanwhile`;
  if (current === null) return 'nothing is deployed any more';
  if (
    current.version !== watched.version ||
    current.deployment !== watched.deployment ||
    current.since !== watched.since
  )
    return `${current.version} was put in its place meanwhile`;
  return null;
}

/** The watch ended before its time: what is known is what was seen until then. */
function cutShort(request: WatchRequest, { current, began, recorded }: Watching, why: string): Outcome {
  const { world, watch, environment, commands } = request;
  const clock = (world.finishing ?? world).clock;
  const span = `${showDuration(clock.now().getTime() - began)} of ${showDuration(watch)}`;
  const known =
    recorded === null
      ? 'there was no verdict until then'
      : `until then it was ${recorded.health === 'unknown' ? 'of unknown health' : recorded.health}`;
  return {
    kind: 'unknown',
    reason: `whether ${current.version} stays healthy in ${environment}: the watch ended after ${span}, because ${why}; ${known}`,
    findOut: commands.verify,
  };
}

function endWell(request: WatchRequest, { current, runs }: Watching, outcome: Outcome): Outcome {
  if (outcome.kind !== 'done') return outcome;
  const { environment, watch } = request;
  return {
    kind: 'done',
    summary: `${current.version} is healthy in ${environment} after a watch of ${showDuration(watch)}: ${seenSoFar(runs)}`,
  };
}

function reasonOf(outcome: Outcome): string {
  return outcome.kind === 'refused' ? outcome.refusals.map(({ reason }) => reason).join('; ') : '';
}
