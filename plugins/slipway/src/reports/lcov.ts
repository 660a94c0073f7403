import { CoverageBuilder, FileCoverage } from './coverage-builder';
import type { ReportInput, ReportReader } from './input';
import { parseCount, parseHits } from './numbers';
import { ReportError, type CoverageReport } from './report';

/** Keys of LCOV 1.x and 2.x that carry nothing that is counted here. */
const PASSED_OVER = new Set(['TN', 'VER', 'FN', 'FNDA', 'FNF', 'FNH', 'FNL', 'FNA', 'MCDC', 'MCF', 'MCH']);

interface FileRecord {
  readonly file: FileCoverage;
  readonly claims: Map<'LF' | 'LH' | 'BRF' | 'BRH', number>;
}

/** LCOV tracefiles (`lcov.info`) of version 1 and 2. */
export const lcov: ReportReader<'lcov'> = {
  format: 'lcov',
  kind: 'coverage',
  title: 'LCOV',
  recognises: (input) => input.syntax === 'text' && /^(?:\s|#[^\n]*\n)*(?:TN:|SF:)/.test(input.text.slice(0, 4_096)),
  read: readLcov,
};

function readLcov(input: ReportInput): CoverageReport {
  if (input.syntax !== 'text') throw new ReportError('unsupported', 'not an LCOV tracefile');
  const report = new CoverageBuilder();
  let open: FileRecord | null = null;
  let records = 0;
  let branchesAgree = true;
  let number = 0;
  for (const line of lines(input.text)) {
    number += 1;
    const at = `line ${number}`;
    if (line === '' || line.startsWith('#')) continue;
    if (line === 'end_of_record') {
      if (open === null) throw new ReportError('malformed', `${at} ends a record that was not begun`);
      branchesAgree = close(open, report) && branchesAgree;
      open = null;
      records += 1;
      continue;
    }
    const colon = line.indexOf(':');
    const key = line.slice(0, Math.max(colon, 0));
    const value = line.slice(colon + 1);
    if (key === 'SF') {
      if (open !== null)
        throw new ReportError('truncated', `${at} begins a record before the one of ${open.file.path} has ended`);
      if (value === '') throw new ReportError('malformed', `${at} names no file`);
      open = { file: new FileCoverage(value), claims: new Map() };
    } else if (PASSED_OVER.has(key)) {
      continue;
    } else if (open === null) {
      throw new ReportError('malformed', `${at} is not part of a record: ${JSON.stringify(line.slice(0, 40))}`);
    } else if (key === 'DA') {
      const [lineNumber = '', hits = ''] = value.split(',', 2);
      open.file.line(parseCount(lineNumber, at), parseHits(hits, at));
    } else if (key === 'BRDA') {
      branch(open.file, value, at);
    } else if (key === 'LF' || key === 'LH' || key === 'BRF' || key === 'BRH') {
      open.claims.set(key, parseCount(value, at));
    } else {
      throw new ReportError('malformed', `${at} is not LCOV: ${JSON.stringify(line.slice(0, 40))}`);
    }
  }
  if (open !== null) throw new ReportError('truncated', `breaks off in the record of ${open.file.path}`);
  if (records === 0) throw new ReportError('empty', 'holds no record of any file');
  return report.build({ branches: branchesAgree });
}

/** `BRDA:<line>,[e]<block>,<branch>,<taken>`; block and branch may hold any text in version 2, `-` is never reached. */
function branch(file: FileCoverage, value: string, at: string): void {
  const comma = value.lastIndexOf(',');
  const taken = value.slice(comma + 1);
  if (comma < 0 || !/^\d+,/.test(value))
    throw new ReportError('malformed', `${at} is not a branch: ${JSON.stringify(value.slice(0, 40))}`);
  const covered = taken !== '-' && parseHits(taken, at);
  file.branch(value.slice(0, comma), { covered: covered ? 1 : 0, total: 1 });
}

/** Checks a record's own sums, then merges it: one file may have several records, one per test name. @returns whether its branches agree */
function close({ file, claims }: FileRecord, report: CoverageBuilder): boolean {
  const { path, lines, branches } = file;
  const found = claims.get('LF') ?? lines.total;
  const hit = claims.get('LH') ?? lines.covered;
  if (found !== lines.total)
    throw new ReportError('contradictory', `${path} claims ${found} lines but lists ${lines.total}`);
  if (hit !== lines.covered)
    throw new ReportError('contradictory', `${path} claims ${hit} covered lines but lists ${lines.covered}`);
  const claimed = { covered: claims.get('BRH') ?? branches.covered, total: claims.get('BRF') ?? branches.total };
  if (claimed.covered > claimed.total)
    throw new ReportError('contradictory', `${path} claims ${claimed.covered} of ${claimed.total} branches`);
  report.add(file);
  return claimed.covered === branches.covered && claimed.total === branches.total;
}

/** One line after the other, without a second copy of the whole text. */
function* lines(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const stop = end < 0 ? text.length : end;
    yield text.slice(start, stop).trimEnd();
    start = stop + 1;
  }
}
