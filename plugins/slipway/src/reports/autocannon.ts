import { z } from 'zod';
import { isRecord, type ReportInput, type ReportReader } from './input';
import { parseShape } from './json';
import { loadScenario, percentileKey } from './load-scenario';
import { originOf } from './origin';
import { ReportError, type LoadScenario, type PerformanceReport } from './report';

const count = z.number().int().min(0);
const milliseconds = z.number().min(0);

/**
 * What release-load adds to each of autocannon's results, as `slipwayHistogram`, because autocannon has no 95th percentile and
 * leaves requests without an answer out of its latencies.
 */
const histogram = z.strictObject({
  /** Every measured request, answered or not: autocannon's `requests.total` and `errors` together. */
  samples: count,
  /**
   * Milliseconds; failed and timed-out requests count as slower than all others. Null where the rank falls on one of these, so
   * no time can be told. Nearest rank: the smallest sample that at least 95 % of all samples do not exceed.
   */
  p95: milliseconds.nullable(),
  /** Further ones, worked out alike, e.g. `{ "50": 12, "99": 31.5 }`; those that fall on a failed request are left out. */
  percentiles: z.record(z.string().regex(/^\d{1,2}(\.\d{1,3})?$/), milliseconds).default({}),
});

/** What release-load writes under `slipwayHistogram`. */
export type AutocannonHistogram = z.input<typeof histogram>;

const result = z.object({
  title: z.string().nullish(),
  url: z.string(),
  finish: z.string().optional(),
  errors: count,
  timeouts: count,
  mismatches: count.default(0),
  non2xx: count,
  '2xx': count.optional(),
  requests: z.object({ total: count, sent: count.optional() }),
  latency: z.record(z.string(), z.number()),
  slipwayHistogram: histogram.optional(),
});
type Result = z.output<typeof result>;

/** One result, a list of them, or `{ scenarios: […] }`, each with its name as `title`. */
const shape = z.union([z.object({ scenarios: z.array(result).min(1) }), z.array(result).min(1), result]);

/** What `autocannon --json` writes, and what release-load does. */
export const autocannon: ReportReader<'autocannon'> = {
  format: 'autocannon',
  kind: 'performance',
  title: 'autocannon JSON',
  recognises: (input) => input.syntax === 'json' && isResult(first(input.value)),
  read: readAutocannon,
};

function first(value: unknown): unknown {
  if (Array.isArray(value)) return value[0];
  return isRecord(value) && Array.isArray(value['scenarios']) ? value['scenarios'][0] : value;
}

function isResult(value: unknown): boolean {
  return isRecord(value) && 'non2xx' in value && 'latency' in value && 'requests' in value;
}

function readAutocannon(input: ReportInput): PerformanceReport {
  const json = parseJsonOf(input);
  const results = Array.isArray(json) ? json : 'scenarios' in json ? json.scenarios : [json];
  const names = results.map(nameOf);
  const seen = new Set<string>();
  const twice = names.find((name) => seen.size === seen.add(name).size);
  if (twice !== undefined) throw new ReportError('contradictory', `two scenarios are called ${twice}`);
  const finished = results.flatMap(({ finish }) => finish ?? []).sort();
  return {
    kind: 'performance',
    origin: originOf({ measuredAt: finished[0], tool: 'autocannon' }),
    scenarios: results.map((each) => readResult(each)),
  };
}

function parseJsonOf(input: ReportInput): z.output<typeof shape> {
  const value = input.syntax === 'json' ? input.value : null;
  // A union would only say that no member fits; the place that differs is told by the member it claims to be.
  const member = Array.isArray(value)
    ? shape.options[1]
    : isRecord(value) && 'scenarios' in value
      ? shape.options[0]
      : shape.options[2];
  return parseShape<z.ZodType<z.output<typeof shape>>>(member, value, "autocannon's JSON");
}

function nameOf({ title, url }: Result): string {
  return (title?.trim() || url).slice(0, 200);
}

function readResult(json: Result): LoadScenario {
  const name = nameOf(json);
  const answered = json.requests.total;
  // Older versions don't count the good ones by themselves.
  const good = json['2xx'] ?? answered - json.non2xx;
  if (good < 0 || good + json.non2xx !== answered) {
    throw new ReportError(
      'contradictory',
      `${name}: claims ${answered} answers but counts ${json['2xx'] ?? 'none'} with 2xx and ${json.non2xx} others`,
    );
  }
  if (json.timeouts > json.errors) {
    throw new ReportError('contradictory', `${name}: ${json.timeouts} time-outs, of only ${json.errors} errors`);
  }
  if (json.requests.sent !== undefined && json.requests.sent < answered) {
    throw new ReportError('contradictory', `${name}: ${answered} answers to only ${json.requests.sent} requests`);
  }
  // `errors` holds the time-outs too. An answer that is not the expected one is no success either.
  const requests = answered + json.errors;
  const scenario = {
    name,
    requests,
    failed: json.errors - json.timeouts + Math.min(answered, json.non2xx + json.mismatches),
    timeouts: json.timeouts,
    brokenThresholds: [],
  };
  const own = json.slipwayHistogram;
  if (own === undefined) {
    return loadScenario({ ...scenario, p95: null, latencies: latenciesOf(json), coversFailures: false });
  }
  if (own.samples !== requests) {
    throw new ReportError('contradictory', `${name}: ${own.samples} samples of ${requests} requests`);
  }
  const further = Object.entries(own.percentiles).map(([key, value]): [string, number] => [
    percentileKey(Number(key)),
    value,
  ]);
  checkHistogram(name, own, scenario.failed + scenario.timeouts);
  return loadScenario({ ...scenario, p95: own.p95, latencies: Object.fromEntries(further), coversFailures: true });
}

/** It counts what has no success as slowest, so how many these are tells whether there can be a p95. */
function checkHistogram(name: string, { samples, p95, percentiles }: z.output<typeof histogram>, bad: number): void {
  const most = Math.floor(samples / 20);
  if (p95 === null ? bad < most : bad > most) {
    const told = p95 === null ? 'no p95' : `a p95 of ${p95} ms`;
    throw new ReportError('contradictory', `${name}: ${told}, with ${bad} of ${samples} samples without success`);
  }
  const again = percentiles['95'];
  if (again !== undefined && again !== p95) {
    throw new ReportError('contradictory', `${name}: a p95 of both ${p95} and ${again} ms`);
  }
}

/** Those from the median up: the ones below prove nothing. */
function latenciesOf({ latency, requests }: Result): Record<string, number> {
  // Without an answer all of autocannon's latencies are 0.
  if (requests.total === 0) return {};
  const told = Object.entries(latency).flatMap(([key, value]): [string, number][] => {
    const percentile = /^p(\d{1,2}(?:_\d+)?)$/.exec(key)?.[1];
    if (percentile === undefined) return key === 'max' ? [[key, value]] : [];
    const number = Number(percentile.replace('_', '.'));
    return number < 50 ? [] : [[percentileKey(number), value]];
  });
  return Object.fromEntries(told);
}
