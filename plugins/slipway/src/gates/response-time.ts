import { percentileOf } from '../reports/load-scenario';
import type { LoadScenario } from '../reports/report';

/** Between which times, in milliseconds, 95 of 100 requests were answered. */
export interface ResponseTime {
  /** `Infinity` where more than 5 of 100 requests had no good answer at all. */
  readonly least: number;
  /** Null where the report leaves it open. */
  readonly most: number | null;
  /** What `most` was taken from, for people. */
  readonly by: string;
  /**
   * Null where there is nothing to tell it from, or too much failed to guess. Set where `most` is above the truth only because few
   * requests failed: on the straight line from the report's p95 to the next percentile that it has. Response times thin out
   * towards the slow end, so that line lies above them.
   */
  readonly estimate: number | null;
}

/** Share of requests without success up to which their p95 is estimated. */
const FEW = 0.01;

export function withoutSuccess({ failed, timeouts }: LoadScenario): number {
  return failed + timeouts;
}

/**
 * The 95th percentile of all requests, where one that failed or timed out counts as slower than any that did not. Few tools count
 * so: autocannon leaves out requests without an answer, k6 and Locust mix in the time that a refused connection took, which is
 * next to none. With a share f of such requests, the wanted one can't be above the report's own percentile 95 + 100 f: in the
 * worst case all of them were the fastest that the report holds. (Where the report left them out it is percentile 95 / (1 - f),
 * which is less for any f up to 5 %.) And it can't be below the report's own p95. So a report can prove that the limit is
 * kept or broken although it does not hold the number itself; what it proves neither way is inconclusive.
 */
export function responseTime(scenario: LoadScenario): ResponseTime {
  const bad = withoutSuccess(scenario);
  if (bad > Math.floor(scenario.requests / 20)) {
    return { least: Infinity, most: Infinity, by: 'more than 5 % of the requests had no good answer', estimate: null };
  }
  const { p95, latencies, coversFailures } = scenario;
  if (p95 !== null && (coversFailures || bad === 0)) return { least: p95, most: p95, by: 'p95', estimate: p95 };

  const known = Object.entries(latencies).flatMap(([key, value]) => {
    const percentile = key === 'max' ? 100 : percentileOf(key);
    return percentile === null ? [] : [{ key, percentile, value }];
  });
  if (p95 !== null) known.push({ key: 'p95', percentile: 95, value: p95 });
  const wanted = coversFailures ? 95 : 95 + (100 * bad) / scenario.requests;
  const above = known.filter(({ percentile }) => percentile >= wanted).sort((a, b) => a.percentile - b.percentile)[0];
  const below = known.filter(({ percentile }) => percentile <= 95).map(({ value }) => value);
  const estimate =
    p95 === null || !above || bad > FEW * scenario.requests
      ? null
      : p95 + ((100 * bad) / scenario.requests / (above.percentile - 95)) * (above.value - p95);
  return {
    least: Math.max(0, ...below),
    most: above?.value ?? null,
    by: above?.key ?? 'none of its percentiles',
    estimate,
  };
}
