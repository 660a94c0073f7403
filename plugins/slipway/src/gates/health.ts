import { inconclusive, type CheckResult, type Finding } from './check';

const CHECK = 'health';

/** What was seen of one service or probe. */
export interface MeasuredHealth {
  readonly probe: string;
  readonly health: 'healthy' | 'unhealthy' | 'unknown';
  /** E.g. `500 in 12 ms`. */
  readonly seen: string;
}

/** Whether everything that was measured is healthy. Unknown is never healthy, and nothing measured is no health. Pure. */
export function judgeHealth(measurements: readonly MeasuredHealth[]): CheckResult {
  if (measurements.length === 0) return inconclusive(CHECK, 0, 'nothing was measured: no probe looked', 'count');
  const of = (health: MeasuredHealth['health']) => measurements.filter((one) => one.health === health);
  const unhealthy = of('unhealthy');
  const unknown = of('unknown');
  const told = unhealthy.length > 0 ? unhealthy : unknown;
  const findings: Finding[] = [...unhealthy, ...unknown].map(({ probe, health, seen }) => ({
    title: `${probe} is ${health === 'unknown' ? 'of unknown health' : health}`,
    detail: seen,
  }));
  const reason = told.map(({ probe, seen }) => `${probe}: ${seen}`).join('; ');
  if (unhealthy.length === 0 && unknown.length > 0) return { ...inconclusive(CHECK, 0, reason, 'count'), findings };
  return {
    check: CHECK,
    verdict: unhealthy.length > 0 ? 'fail' : 'pass',
    reason: unhealthy.length > 0 ? reason : `all ${measurements.length} probes are healthy`,
    measured: unhealthy.length + unknown.length,
    limit: 0,
    unit: 'count',
    findings,
  };
}
