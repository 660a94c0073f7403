import { z } from 'zod';
import { isRecord, type ReportInput, type ReportReader } from './input';
import { parseShape } from './json';
import { loadScenario, percentileKey, percentileOf } from './load-scenario';
import { originOf } from './origin';
import { ReportError, type PerformanceReport } from './report';

const number = z.number();
const metric = z.record(z.string(), z.unknown());
const shape = z.object({ metrics: z.record(z.string(), metric) });

/** What is true of a threshold: in `--summary-export` that it was crossed, in handleSummary's data that it is `ok`. */
const thresholds = z.record(z.string(), z.union([z.boolean(), z.object({ ok: z.boolean() })])).default({});

const counter = z.object({ count: z.number().int().min(0) });
/** `passes` counts the values that were true. For http_req_failed these are the failed requests. */
const rate = z.object({ passes: z.number().int().min(0), fails: z.number().int().min(0) });
const share = z.number().min(0).max(1);

/**
 * k6's summary, in both of its shapes: `--summary-export` (numbers flat in each metric) and the data that handleSummary gets
 * (numbers below `values`). Times are in milliseconds in both, whatever `summaryTimeUnit` says: that is for display.
 */
export const k6Summary: ReportReader<'k6-summary'> = {
  format: 'k6-summary',
  kind: 'performance',
  title: 'k6 summary',
  recognises: (input) =>
    input.syntax === 'json' &&
    isRecord(input.value) &&
    isRecord(input.value['metrics']) &&
    ('http_reqs' in input.value['metrics'] ||
      'iterations' in input.value['metrics'] ||
      ('root_group' in input.value && !('testResults' in input.value))),
  read: readK6,
};

function readK6(input: ReportInput): PerformanceReport {
  const { metrics } = parseShape(shape, input.syntax === 'json' ? input.value : null, "k6's summary");
  const requests = read(counter, metrics, 'http_reqs').count;
  const outcomes = outcomesOf(metrics, requests);
  if (outcomes.passes + outcomes.fails !== requests) {
    throw new ReportError(
      'contradictory',
      `http_req_failed tells ${outcomes.passes + outcomes.fails} outcomes of ${requests} requests`,
    );
  }
  const latencies = latenciesOf(valuesOf(metrics, 'http_req_duration'));
  return {
    kind: 'performance',
    origin: originOf({ tool: 'k6' }),
    scenarios: [
      loadScenario({
        name: 'all requests',
        requests,
        // k6 does not tell time-outs from other failures. An answer that a check of the script's own refused is no success.
        failed: Math.min(requests, Math.max(outcomes.passes, failedChecks(metrics))),
        timeouts: 0,
        p95: latencies[percentileKey(95)] ?? null,
        latencies,
        // A refused connection is in the durations, with next to no time.
        coversFailures: false,
        brokenThresholds: brokenThresholds(metrics),
      }),
    ],
  };
}

type Metrics = z.output<typeof shape>['metrics'];

/** The numbers of a metric, wherever this shape has them. */
function valuesOf(metrics: Metrics, name: string): Readonly<Record<string, unknown>> {
  const found = metrics[name];
  if (found === undefined) throw new ReportError('malformed', `the metric ${name} is missing`);
  return isRecord(found['values']) ? found['values'] : found;
}

function read<S extends z.ZodType>(schema: S, metrics: Metrics, name: string): z.output<S> {
  return parseShape(schema, valuesOf(metrics, name), `the metric ${name}`);
}

/** Where only the share is told, the failed requests are counted from it, never too few. */
function outcomesOf(metrics: Metrics, requests: number): z.output<typeof rate> {
  const values = valuesOf(metrics, 'http_req_failed');
  const told = values['rate'] ?? values['value'];
  if (told === undefined || 'passes' in values || 'fails' in values) {
    const counted = read(rate, metrics, 'http_req_failed');
    checkRate(metrics, counted);
    return counted;
  }
  const passes = Math.min(
    requests,
    Math.ceil(parseShape(share, told, 'the rate of http_req_failed') * requests - 1e-6),
  );
  return { passes, fails: requests - passes };
}

/** Told twice, and by another name in each shape. */
function checkRate(metrics: Metrics, { passes, fails }: z.output<typeof rate>): void {
  const values = valuesOf(metrics, 'http_req_failed');
  const told = values['rate'] ?? values['value'];
  const total = passes + fails;
  if (total === 0 || told === undefined) return;
  if (typeof told !== 'number' || Math.abs(told - passes / total) > 0.001) {
    throw new ReportError(
      'contradictory',
      `http_req_failed tells a rate of ${JSON.stringify(told).slice(0, 40)}, and ${passes} failed of ${total}`,
    );
  }
}

function latenciesOf(values: Readonly<Record<string, unknown>>): Record<string, number> {
  const told = Object.entries(values).flatMap(([name, value]): [string, number][] => {
    const percentile = /^p\((\d{1,3}(?:\.\d+)?)\)$/.exec(name)?.[1];
    const key = name === 'max' ? 'max' : name === 'med' ? 'p50' : percentile && percentileKey(Number(percentile));
    if (!key || (key !== 'max' && percentileOf(key) === null)) return [];
    return [[key, parseShape(number, value, `${name} of http_req_duration`)]];
  });
  return Object.fromEntries(told);
}

function failedChecks(metrics: Metrics): number {
  return 'checks' in metrics ? read(rate, metrics, 'checks').fails : 0;
}

function brokenThresholds(metrics: Metrics): string[] {
  return Object.entries(metrics).flatMap(([name, found]) =>
    Object.entries(parseShape(thresholds, found['thresholds'], `the thresholds of ${name}`))
      .filter(([, outcome]) => (typeof outcome === 'boolean' ? outcome : !outcome.ok))
      .map(([expression]) => `${name}: ${expression}`),
  );
}
