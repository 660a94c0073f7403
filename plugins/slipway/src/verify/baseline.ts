import type { StoredEvent } from '../ledger/events';
import type { CurrentRelease } from '../ledger/state';
import type { Baseline } from './bounds';
import { queryOf } from './describe-probe';
import type { PrometheusProbe } from './probes/prometheus';

/** What the last healthy verification of another deployment measured with the very same query; null where none did. Pure. */
export function lastHealthyValue(
  events: readonly StoredEvent[],
  current: Pick<CurrentRelease, 'deployment' | 'version'>,
  probe: PrometheusProbe,
): Baseline {
  const query = queryOf(probe);
  const body = events.findLast(
    ({ body: event }) =>
      event.kind === 'verify.outcome' &&
      event.health === 'healthy' &&
      (event.deployment !== current.deployment || event.version !== current.version) &&
      event.measurements.some(
        (one) => one.probe === probe.name && one.query === query && typeof one.value === 'number',
      ),
  )?.body;
  if (body?.kind !== 'verify.outcome') return null;
  const value = body.measurements.find((one) => one.probe === probe.name)?.value;
  return typeof value === 'number' ? { value, source: `when ${body.version} was verified` } : null;
}
