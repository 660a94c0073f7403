import { csvHeader, walkCsv } from './csv';
import type { ReportInput, ReportReader } from './input';
import { loadScenario, percentileKey } from './load-scenario';
import { originOf } from './origin';
import { ReportError, type LoadScenario, type PerformanceReport } from './report';

const COLUMNS = ['timeStamp', 'elapsed', 'label', 'responseCode', 'success'] as const;
/** Labels beyond this are request paths with an id in them, and no scenarios. */
const MAX_SCENARIOS = 1_000;
const PERCENTILES = [50, 90, 95, 99] as const;

/** JMeter's results (JTL) as CSV with a header line: one row for each request. */
export const jmeterCsv: ReportReader<'jmeter-csv'> = {
  format: 'jmeter-csv',
  kind: 'performance',
  title: 'JMeter CSV',
  recognises: (input) => csvHeader(input, COLUMNS) !== null,
  read: readJmeter,
};

interface Samples {
  /** Milliseconds of those that succeeded. */
  readonly elapsed: number[];
  failed: number;
  timeouts: number;
}

function readJmeter(input: ReportInput): PerformanceReport {
  const header = csvHeader(input, COLUMNS);
  if (header === null || input.syntax !== 'text') throw new ReportError('malformed', "not JMeter's CSV");
  const byLabel = new Map<string, Samples>();
  let last = 0;
  walkCsv(input.text, header, (row, line) => {
    const label = row('label').slice(0, 200) || 'unnamed';
    const samples = byLabel.get(label) ?? { elapsed: [], failed: 0, timeouts: 0 };
    if (samples.elapsed.length + samples.failed + samples.timeouts === 0) byLabel.set(label, samples);
    if (byLabel.size > MAX_SCENARIOS) throw new ReportError('tooLarge', `more than ${MAX_SCENARIOS} labels`);
    const elapsed = milliseconds(row('elapsed'), line);
    if (succeeded(row('success'), line)) samples.elapsed.push(elapsed);
    else if (isTimeout(row('responseCode'), row('responseMessage'))) samples.timeouts += 1;
    else samples.failed += 1;
    const started = row('timeStamp');
    if (/^\d{13}$/.test(started)) last = Math.max(last, Number(started) + elapsed);
  });
  if (byLabel.size === 0) throw new ReportError('empty', 'holds no request');
  const measuredAt = last > 0 ? moment(last) : null;
  return {
    kind: 'performance',
    origin: originOf({ measuredAt, tool: 'JMeter' }),
    scenarios: [...byLabel].map(([name, samples]) => scenarioOf(name, samples)),
  };
}

function milliseconds(text: string, line: number): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new ReportError('malformed', `row ${line}: elapsed is ${JSON.stringify(text.slice(0, 40))}`);
}

function succeeded(text: string, line: number): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new ReportError('malformed', `row ${line}: success is ${JSON.stringify(text.slice(0, 40))}`);
}

/** JMeter has no code for it: it names the Java exception. */
function isTimeout(code: string, message: string): boolean {
  return /timeout|timed out/i.test(code) || (/^Non HTTP/.test(code) && /timed out/i.test(message));
}

function moment(milliseconds: number): string | null {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** Percentiles of all requests, by nearest rank; those without success count as slower than all others. */
function scenarioOf(name: string, { elapsed, failed, timeouts }: Samples): LoadScenario {
  const requests = elapsed.length + failed + timeouts;
  elapsed.sort((a, b) => a - b);
  const at = (percentile: number): number | undefined => elapsed[Math.ceil((percentile * requests) / 100) - 1];
  const known = PERCENTILES.flatMap((percentile): [string, number][] => {
    const value = at(percentile);
    return value === undefined ? [] : [[percentileKey(percentile), value]];
  });
  return loadScenario({
    name,
    requests,
    failed,
    timeouts,
    p95: at(95) ?? null,
    latencies: Object.fromEntries(known),
    coversFailures: true,
    brokenThresholds: [],
  });
}
