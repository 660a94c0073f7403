import { z } from 'zod';
import { sum } from './coverage-builder';
import { isRecord, type ReportInput, type ReportReader } from './input';
import { parseShape } from './json';
import { ReportError, type CoverageFile, type CoverageReport, type Share } from './report';

const count = z.number().int().min(0);
const share = z.object({ total: count, covered: count, pct: z.union([z.number(), z.literal('Unknown')]).optional() });
const entry = z.object({ lines: share, branches: share.optional() });

/** Istanbul's `coverage-summary.json`: sums only, no line numbers. */
export const istanbulSummary: ReportReader<'istanbul-summary'> = {
  format: 'istanbul-summary',
  kind: 'coverage',
  title: 'Istanbul summary JSON',
  recognises: (input) =>
    input.syntax === 'json' &&
    isRecord(input.value) &&
    isRecord(input.value['total']) &&
    'lines' in input.value['total'],
  read: readSummary,
};

function readSummary(input: ReportInput): CoverageReport {
  if (input.syntax !== 'json' || !isRecord(input.value))
    throw new ReportError('unsupported', 'not an Istanbul summary');
  const { total: totalValue, ...rest } = input.value;
  const total = parseShape(entry, totalValue, "Istanbul's summary in total");
  check('the total', total.lines);
  const files: CoverageFile[] = Object.entries(rest).map(([path, value]) => {
    const { lines } = parseShape(entry, value, `Istanbul's summary in ${JSON.stringify(path.slice(0, 200))}`);
    check(path, lines);
    return { path, covered: lines.covered, total: lines.total, uncovered: [], coveredLines: null };
  });
  const listed = sum(files);
  if (files.length > 0 && (listed.total !== total.lines.total || listed.covered !== total.lines.covered)) {
    throw new ReportError(
      'contradictory',
      `claims ${total.lines.covered} of ${total.lines.total} lines covered, but its files add up to ${listed.covered} of ${listed.total}`,
    );
  }
  if (total.branches) check('the total of branches', total.branches);
  const branches =
    total.branches && total.branches.total > 0
      ? { covered: total.branches.covered, total: total.branches.total }
      : null;
  return { kind: 'coverage', lines: { covered: total.lines.covered, total: total.lines.total }, branches, files };
}

/** Istanbul cuts percentages off after two digits. */
function check(what: string, { covered, total, pct }: Share & { readonly pct?: number | 'Unknown' | undefined }): void {
  if (covered > total) throw new ReportError('contradictory', `${what} claims ${covered} of ${total}`);
  if (typeof pct === 'number' && total > 0 && Math.abs(pct - (100 * covered) / total) > 0.0101) {
    throw new ReportError('contradictory', `${what} claims ${pct} %, which ${covered} of ${total} is not`);
  }
}
