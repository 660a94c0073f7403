import { inconclusive, type CheckResult, type Finding } from './check';

const CHECK = 'monitoring';

/** One metric and what it may be. */
export interface MeasuredMetric {
  readonly name: string;
  /** What the query gave: one value of one series; else why there is none that counts (no data, several series, an error). */
  readonly value: number | { readonly problem: string };
  readonly min?: number;
  readonly max?: number;
}

/** Whether every metric is within its bounds. No data, no number or no bounds say nothing, and nothing measured is no pass. Pure. */
export function judgeMonitoring(metrics: readonly MeasuredMetric[]): CheckResult {
  if (metrics.length === 0) return inconclusive(CHECK, 0, 'nothing was measured: no metric was asked for', 'count');
  const judged = metrics.map((metric) => ({ metric, ...judgeMetric(metric) }));
  const out = judged.filter(({ within }) => within === false);
  const unclear = judged.filter(({ within }) => within === null);
  const findings: Finding[] = [...out, ...unclear].map(({ metric, seen }) => ({ title: `${metric.name}: ${seen}` }));
  const reason = (out.length > 0 ? out : unclear).map(({ metric, seen }) => `${metric.name}: ${seen}`).join('; ');
  if (out.length === 0 && unclear.length > 0) return { ...inconclusive(CHECK, 0, reason, 'count'), findings };
  return {
    check: CHECK,
    verdict: out.length > 0 ? 'fail' : 'pass',
    reason: out.length > 0 ? reason : `all ${metrics.length} metrics are within bounds`,
    measured: out.length + unclear.length,
    limit: 0,
    unit: 'count',
    findings,
  };
}

function judgeMetric({ value, min, max }: MeasuredMetric): { readonly within: boolean | null; readonly seen: string } {
  if (typeof value !== 'number') return { within: null, seen: value.problem };
  if (!Number.isFinite(value)) return { within: null, seen: 'no number' };
  const bounds = [min, max].filter((bound) => bound !== undefined);
  if (bounds.length === 0 || !bounds.every(Number.isFinite)) return { within: null, seen: 'it has no bounds' };
  if (min !== undefined && value < min) return { within: false, seen: `${value}, below ${min}` };
  if (max !== undefined && value > max) return { within: false, seen: `${value}, above ${max}` };
  return { within: true, seen: String(value) };
}
