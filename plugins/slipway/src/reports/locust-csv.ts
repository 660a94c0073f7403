import { csvHeader, walkCsv, type CsvRow } from './csv';
import type { ReportInput, ReportReader } from './input';
import { loadScenario, percentileKey } from './load-scenario';
import { parseCount } from './numbers';
import { originOf } from './origin';
import { ReportError, type LoadScenario, type PerformanceReport } from './report';

const COLUMNS = ['Type', 'Name', 'Request Count', 'Failure Count', 'Max Response Time', '95%'] as const;
const PERCENTILES = [50, 66, 75, 80, 90, 98, 99, 99.9, 99.99] as const;

/** `…_stats.csv` of `locust --csv`. The files beside it (history, failures, exceptions) are no reports of a whole run. */
export const locustCsv: ReportReader<'locust-csv'> = {
  format: 'locust-csv',
  kind: 'performance',
  title: 'Locust CSV',
  recognises: (input) => csvHeader(input, COLUMNS) !== null,
  read: readLocust,
};

interface Row {
  readonly name: string;
  readonly requests: number;
  readonly failed: number;
  readonly p95: number | null;
  readonly latencies: Readonly<Record<string, number>>;
}

/**
 * Locust writes a request that timed out as a failure, with the time it waited; a broken connection fails fast. Its percentiles
 * hold both.
 */
function readLocust(input: ReportInput): PerformanceReport {
  const header = csvHeader(input, COLUMNS);
  if (header === null || input.syntax !== 'text') throw new ReportError('malformed', "not Locust's CSV");
  const rows: Row[] = [];
  let whole: Row | null = null;
  walkCsv(input.text, header, (cells, line) => {
    if (whole !== null) throw new ReportError('malformed', `row ${line} stands behind the sum of all requests`);
    // Locust leaves no last field empty.
    if (cells(header.at(-1) ?? '') === '') throw new ReportError('truncated', `row ${line} breaks off`);
    const row = readRow(cells, line);
    if (cells('Name') === 'Aggregated' && cells('Type') === '') whole = row;
    else rows.push(row);
  });
  checkSums(rows, whole);
  return {
    kind: 'performance',
    origin: originOf({ tool: 'Locust' }),
    scenarios: rows.map((row): LoadScenario =>
      loadScenario({ ...row, timeouts: 0, coversFailures: false, brokenThresholds: [] }),
    ),
  };
}

function readRow(cells: CsvRow, line: number): Row {
  const name = `${cells('Type')} ${cells('Name')}`.trim().slice(0, 200);
  const time = (column: string): number | null => milliseconds(cells(column), `row ${line}: ${column}`);
  // Percentiles are rounded to two digits, and so is the maximum beside them; the exact one would seem to contradict.
  const told = [...PERCENTILES.map((p): [string, string] => [percentileKey(p), `${p}%`]), ['max', '100%'] as const];
  const latencies = told.flatMap(([key, column]): [string, number][] => {
    const value = cells(column) === '' ? null : time(column);
    return value === null ? [] : [[key, value]];
  });
  const rising = [...PERCENTILES.map((p) => `${p}%`), '95%', '100%'].sort((a, b) => parseFloat(a) - parseFloat(b));
  const times = rising.flatMap((column) => (cells(column) === '' ? [] : [time(column) ?? 0]));
  // Also what a row looks like that breaks off within its last number.
  if (times.some((value, index) => value < (times[index - 1] ?? 0)))
    throw new ReportError('contradictory', `row ${line}: a higher percentile is shorter than a lower one`);
  return {
    name,
    requests: parseCount(cells('Request Count'), `row ${line}: Request Count`),
    failed: parseCount(cells('Failure Count'), `row ${line}: Failure Count`),
    p95: time('95%'),
    latencies: Object.fromEntries(latencies),
  };
}

/** `N/A` stands where nothing was measured. */
function milliseconds(text: string, where: string): number | null {
  if (text === 'N/A') return null;
  if (/^\d{1,12}(\.\d{1,20})?$/.test(text)) return Number(text);
  throw new ReportError('malformed', `${where} is no time: ${JSON.stringify(text.slice(0, 40))}`);
}

function checkSums(rows: readonly Row[], whole: Row | null): void {
  if (whole === null) throw new ReportError('truncated', 'the row of all requests (Aggregated) is missing');
  if (whole.requests === 0) throw new ReportError('empty', 'no request was sent');
  for (const [what, key] of [
    ['requests', 'requests'],
    ['failures', 'failed'],
  ] as const) {
    const sum = rows.reduce((total, row) => total + row[key], 0);
    if (sum !== whole[key]) {
      throw new ReportError('contradictory', `claims ${whole[key]} ${what} but lists ${sum}`);
    }
  }
}
