import { showDuration } from '../deploy/duration';
import type { Log, World } from '../io/world';
import type { Measurement } from '../ledger/events';
import { follow, isHealthy, isSettled, progressOf, runOf, type Run } from './follow';
import { judgeMeasurements, type Verification } from './judge';
import { toMeasurement, type Task } from './task';

export interface RunProbesOptions {
  readonly world: Pick<World, 'clock' | 'stop'>;
  readonly log: Log;
  /** Milliseconds that all are measured on after all of them were healthy. */
  readonly bake: number;
}

/** Milliseconds that the others may still take for their own verdict once one is unhealthy. */
const GRACE = 5_000;

/**
 * Measures tasks side by side, each until there is a verdict on it, and through the bake time while all are healthy. The first that is
 * unhealthy ends it, so that a rollback does not wait.
 *
 * @throws when the step is being stopped: then nothing is known.
 */
export async function runProbes(tasks: readonly Task[], options: RunProbesOptions): Promise<Verification> {
  const { world, log, bake } = options;
  const runs = tasks.map(runOf);
  const now = () => world.clock.now().getTime();
  let unhealthySince: number | null = null;
  let healthySince: number | null = null;
  const goesOn = (run: Run): boolean => {
    if (isSettled(run)) return false;
    if (unhealthySince !== null && now() >= unhealthySince + GRACE) return false;
    if (!isHealthy(run)) return true;
    // It goes on being measured only for a bake that can still come, or is under way.
    if (bake === 0 || runs.some(isSettled)) return false;
    return healthySince === null || now() < healthySince + bake;
  };
  const measured = (run: Run): void => {
    if (run.course.tally.standing === 'unhealthy') unhealthySince ??= now();
    const baking = healthySince !== null;
    if (!baking && runs.every(isHealthy)) healthySince = now();
    if (run.course.tally.standing === 'measuring') log.info(progressOf(run));
    else if (isSettled(run) || (run.course.health === 'healthy' && isFirst(run)))
      report(log, toMeasurement(run.task, run.course));
  };
  const reported = new Set<Run>();
  const isFirst = (run: Run): boolean => {
    const first = !reported.has(run);
    reported.add(run);
    return first;
  };
  const following = Promise.all(runs.map((run) => follow(run, { world, goesOn, measured })));
  if (bake === 0) await following;
  else await Promise.all([following, tellBake()]);
  return judgeMeasurements(runs.map(({ task, course }) => toMeasurement(task, course)));

  /** A line now and then that says how long it still bakes: no spinner, because nobody may be watching. */
  async function tellBake(): Promise<void> {
    const step = Math.max(SHORTEST_STEP, bake / 10);
    let told: number | null = null;
    while (runs.some(goesOn)) {
      world.stop.check();
      if (healthySince !== null) {
        const left = healthySince + bake - now();
        if (told === null || (now() - told >= step && left > 0)) {
          told = now();
          log.info(`Baking: ${showDuration(Math.max(0, left))} left, ${seenSoFar(runs)}`);
        }
      }
      await world.clock.sleep(TICK);
    }
    if (healthySince !== null && !runs.some(isSettled)) log.info(`Baked for ${showDuration(bake)}: ${seenSoFar(runs)}`);
  }
}

const SHORTEST_STEP = 15_000;
const TICK = 250;

export function seenSoFar(runs: readonly Run[]): string {
  const sum = (of: (run: Run) => number) => runs.reduce((total, run) => total + of(run), 0);
  const [measured, failed] = [sum(({ course }) => course.attempts), sum(({ course }) => course.failures)];
  return `${measured} measurements seen, ${failed === 0 ? 'none' : failed} failed`;
}

export function report(log: Log, { probe, health, seen }: Measurement): void {
  const line = `${probe}: ${health}, ${seen}`;
  if (health === 'healthy') log.info(line);
  else log.warn(line);
}
