import type { Probe } from '../../config/schema';
import type { RunningService } from '../../deploy/drivers/driver';
import type { Attempt } from '../attempt';
import { impossible } from '../attempt';

export type RestartsProbe = Extract<Probe, { restarts: object }>;

/**
 * Counts how often the engine started containers again by itself. It keeps one count for each container's life, so restarts of a
 * container that is older than the deployment count only where the last one came after it. Pure.
 *
 * @param since when the deployment began.
 */
export function judgeRestarts(
  { restarts: { max } }: Pick<RestartsProbe, 'restarts'>,
  services: readonly string[],
  running: readonly RunningService[],
  since: Date,
): Attempt {
  const instances = running.filter(({ service }) => services.includes(service));
  const missing = services.filter((service) => !instances.some((instance) => instance.service === service));
  if (missing.length > 0 || instances.length === 0)
    return impossible(`${missing.join(', ') || 'no service'} has no container to look at`);
  const counts = instances.map((instance) => ({ instance, restarts: restartsSince(instance, since) }));
  const value = counts.reduce((total, { restarts }) => total + restarts, 0);
  const looping = instances.filter(({ restarting }) => restarting === true);
  const rest = { value, limit: max, samples: instances.length };
  if (value > max || looping.length > 0) {
    const names = counts
      .filter(({ instance, restarts }) => restarts > 0 || instance.restarting === true)
      .map(
        ({ instance, restarts }) =>
          `${instance.service} ${restarts}×${instance.restarting ? ', being started again' : ''}`,
      );
    return { result: 'failed', seen: `restarted since the deployment: ${names.join('; ')}`, ...rest };
  }
  const of = `of ${instances.length === 1 ? '1 container' : `${instances.length} containers`}`;
  return { result: 'passed', seen: `${value === 0 ? 'no restart' : `${value} restarts`} ${of}`, ...rest };
}

function restartsSince({ restarts, startedAt, restarting }: RunningService, since: Date): number {
  if (restarting === true) return Math.max(1, restarts);
  return startedAt !== null && Date.parse(startedAt) >= since.getTime() ? restarts : 0;
}
