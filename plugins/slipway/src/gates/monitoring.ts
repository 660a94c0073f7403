import { inconclusive, type CheckResult, type Finding } from './check';

const CHECK = 'monitoring';

/** One metric, as a verification left it. */
export interface MeasuredMetric {
  readonly name: string;
  /** The verdict over all of its windows: single ones may be out of bounds, as far as its limits allow. */
  readonly health: 'healthy' | 'unhealthy' | 'unknown';
  /** The value of the last window; null where there was none. */
  readonly value: number | null;
  /** E.g. `0.02, above 0.01`. */
  readonly seen: string;
}

/** Whether every metric is within its bounds. No data and no number say nothing, and nothing measured is no pass. Pure. */
export function judgeMonitoring(metrics: readonly MeasuredMetric[]): CheckResult {
  if (metrics.length === 0) return inconclusive(CHECK, 0, 'nothing was measured: no metric was asked for', 'count');
  const out = metrics.filter(({ health }) => health === 'unhealthy');
  // A verdict without a number rests on nothing.
  const unclear = metrics.filter(
    ({ health, value }) => health === 'unknown' || (health === 'healthy' && !Number.isFinite(value)),
  );
  const findings: Finding[] = [...out, ...unclear].map(({ name, seen }) => ({ title: `${name}: ${seen}` }));
  const reason = (out.length > 0 ? out : unclear).map(({ name, seen }) => `${name}: ${seen}`).join('; ');
  if (out.length === 0 && unclear.length > 0) return { ...inconclusive(CHECK, 0, reason, 'count'), findings };
  const within = metrics.length === 1 ? '1 metric is within bounds' : `all ${metrics.length} metrics are within bounds`;
  return {
    check: CHECK,
    verdict: out.length > 0 ? 'fail' : 'pass',
    reason: out.length > 0 ? reason : within,
    measured: out.length + unclear.length,
    limit: 0,
    unit: 'count',
    findings,
  };
}
