import { CoverageBuilder, type FileCoverage } from './coverage-builder';
import type { ReportInput, ReportReader } from './input';
import { parseCount, parseHits, parseLine } from './numbers';
import { ReportError, type CoverageReport, type Share } from './report';

/** Keys of LCOV 1.x and 2.x that carry nothing that is counted here. */
const PASSED_OVER = new Set(['TN', 'VER', 'FN', 'FNDA', 'FNF', 'FNH', 'FNL', 'FNA', 'MCDC', 'MCF', 'MCH']);

/** How much of a line is looked at. Only such lines may be longer as are passed over. */
const MAX_LINE = 65_536;

/** Shared, as there are millions of branches. */
const TAKEN: Share = { covered: 1, total: 1 };
const MISSED: Share = { covered: 0, total: 1 };

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
  const { text } = input;
  const report = new CoverageBuilder();
  let open: FileRecord | null = null;
  let records = 0;
  let branchesAgree = true;
  /** A test was named, and no record of it has followed yet. */
  let announced = false;
  let number = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    let end = newline < 0 ? text.length : newline;
    const next = end + 1;
    number += 1;
    // Most lines are these. Cutting each one out of the text is what would cost.
    const data = open === null ? null : dataLine(text, start, end);
    if (data !== null && open !== null) {
      open.file.line(data.line, data.hit);
      start = next;
      continue;
    }
    const long = end - start > MAX_LINE;
    if (long) end = start + MAX_LINE;
    const line = text.slice(start, end).trimEnd();
    start = next;
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
      open = { file: report.newFile(value), claims: new Map() };
      announced = false;
    } else if (PASSED_OVER.has(key)) {
      announced = key === 'TN' && open === null;
    } else if (long) {
      throw new ReportError('malformed', `${at} is longer than any in LCOV`);
    } else if (open === null) {
      throw new ReportError('malformed', `${at} is not part of a record: ${JSON.stringify(line.slice(0, 40))}`);
    } else if (key === 'DA') {
      const [lineNumber = '', hits = ''] = value.split(',', 2);
      open.file.line(parseLine(lineNumber, at), parseHits(hits, at));
    } else if (key === 'BRDA') {
      if (!report.branchesLost) branch(open.file, value, at);
    } else if (key === 'LF' || key === 'LH' || key === 'BRF' || key === 'BRH') {
      claim(open, key, parseCount(value, at));
    } else {
      throw new ReportError('malformed', `${at} is not LCOV: ${JSON.stringify(line.slice(0, 40))}`);
    }
  }
  if (open !== null) throw new ReportError('truncated', `breaks off in the record of ${open.file.path}`);
  if (records === 0) throw new ReportError('empty', 'holds no record of any file');
  if (announced) throw new ReportError('truncated', 'breaks off where a record should begin');
  return report.build({ branches: branchesAgree });
}

/** `DA:<line>,<hits>` in its usual, short form; null for anything else, which is looked at more closely. */
function dataLine(text: string, start: number, end: number): { readonly line: number; readonly hit: boolean } | null {
  if (text.charCodeAt(start) !== 0x44 || text.charCodeAt(start + 1) !== 0x41 || text.charCodeAt(start + 2) !== 0x3a) {
    return null;
  }
  let line = 0;
  let at = start + 3;
  for (; at < end && at < start + 10; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) break;
    line = line * 10 + digit;
  }
  if (at === start + 3 || text.charCodeAt(at) !== 0x2c) return null;
  const first = at + 1;
  let hit = false;
  for (at = first; at < end; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) break;
    hit ||= digit > 0;
  }
  const whole = at === end || (at === end - 1 && text.charCodeAt(at) === 0x0d);
  return at > first && whole ? { line, hit } : null;
}

/** A sum that is claimed twice must be the same. */
function claim({ file, claims }: FileRecord, key: 'LF' | 'LH' | 'BRF' | 'BRH', count: number): void {
  const known = claims.get(key);
  if (known !== undefined && known !== count)
    throw new ReportError('contradictory', `${file.path} claims ${key} to be ${known} and ${count}`);
  claims.set(key, count);
}

/** `BRDA:<line>,[e]<block>,<branch>,<taken>`; block and branch may hold any text in version 2, `-` is never reached. */
function branch(file: FileCoverage, value: string, at: string): void {
  const comma = value.lastIndexOf(',');
  const taken = value.slice(comma + 1);
  if (comma < 0 || !/^\d+,/.test(value))
    throw new ReportError('malformed', `${at} is not a branch: ${JSON.stringify(value.slice(0, 40))}`);
  const covered = taken !== '-' && parseHits(taken, at);
  file.branch(value.slice(0, comma), covered ? TAKEN : MISSED);
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
