import { showDuration } from '../duration';
import { readLog } from './compose-containers';
import type { ComposeHost } from './compose-host';
import type { Problem } from './compose-up';
import type { RunningService, ServiceProblem } from './driver';

/** Adds how long it took and what the service wrote last. */
export async function explain(
  { world }: Pick<ComposeHost, 'world'>,
  problem: Problem,
  running: readonly RunningService[],
  waited: number,
  secrets: readonly string[],
): Promise<ServiceProblem> {
  const after = showDuration(waited);
  if (problem.kind === 'engine')
    return { ...problem, problem: `Docker Compose failed after ${after}: ${problem.problem}`, log: [] };
  const instance = running.find((item) => item.service === problem.service);
  const log = instance === undefined ? [] : await readLog(world.run, instance.instance, secrets);
  return { ...problem, problem: `${problem.problem} after ${after}`, log };
}
