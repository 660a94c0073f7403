import { ReportError, type LoadScenario } from './report';

/** Histograms of load tools keep three digits, so a percentile may lie a little above the exact maximum. */
const ROUNDING = 1.02;

/** Percentiles that a report may tell, by the number that {@link LoadScenario.latencies} calls them. */
export function percentileKey(percentile: number): string {
  return `p${percentile}`;
}

/** The number in a key such as `p97.5`; null for `max` and others that are no percentile. */
export function percentileOf(key: string): number | null {
  const text = /^p(\d{1,2}(?:\.\d+)?)$/.exec(key)?.[1];
  return text === undefined ? null : Number(text);
}

/**
 * A scenario whose numbers were checked against each other.
 * @throws {ReportError} when nothing was sent, a number can't be one, or two contradict.
 */
export function loadScenario(scenario: LoadScenario): LoadScenario {
  const { name, requests, failed, timeouts, p95 } = scenario;
  for (const [what, count] of Object.entries({ requests, failed, timeouts })) {
    if (!Number.isSafeInteger(count) || count < 0) throw new ReportError('contradictory', `${name}: ${count} ${what}`);
  }
  if (requests === 0) throw new ReportError('empty', `${name}: no request was sent`);
  if (failed + timeouts > requests) {
    throw new ReportError(
      'contradictory',
      `${name}: ${failed} failed and ${timeouts} timed out, of only ${requests} requests`,
    );
  }
  const known = Object.entries(p95 === null ? scenario.latencies : { ...scenario.latencies, p95 });
  for (const [key, value] of known) {
    if (!Number.isFinite(value) || value < 0) throw new ReportError('contradictory', `${name}: ${key} is ${value} ms`);
  }
  checkOrder(name, known);
  return scenario;
}

function checkOrder(name: string, latencies: readonly (readonly [string, number])[]): void {
  const ascending = latencies
    .flatMap(([key, value]) => {
      const percentile = percentileOf(key);
      return percentile === null ? [] : [{ percentile, key, value }];
    })
    .sort((a, b) => a.percentile - b.percentile);
  ascending.forEach((now, index) => {
    const before = ascending[index - 1];
    if (before && before.value > now.value) {
      throw new ReportError(
        'contradictory',
        `${name}: ${before.key} (${before.value} ms) is above ${now.key} (${now.value} ms)`,
      );
    }
  });
  const max = latencies.find(([key]) => key === 'max')?.[1];
  const last = ascending.at(-1);
  if (max !== undefined && last && last.value > max * ROUNDING + 1) {
    throw new ReportError('contradictory', `${name}: ${last.key} (${last.value} ms) is above the maximum (${max} ms)`);
  }
}
