import { posix } from 'node:path';
import type { GatesConfig } from '../config/schema';
import type { CoverageFile, CoverageReport } from '../reports/report';
import { inconclusive, type CheckResult, type Finding } from './check';
import { lineRanges } from './line-ranges';
import { formatPercent, formatShare, reaches, stateOf } from './share';

export type NewLinesPolicy = Pick<GatesConfig['coverage'], 'newLines' | 'tinyChange'>;

export interface NewLinesSubject {
  /** Name of the check that the result is part of. */
  readonly check: string;
  /** Nx name. */
  readonly project: string;
  /** Root of the project relative to the workspace, which paths in reports may be relative to. */
  readonly root: string;
}

/**
 * Share of the changed lines that tests ran. Only lines that coverage counts do count: not comments, declarations, or files that
 * no report knows. A change of at most `tinyChange` such lines can't fail: one line of them would weigh too much.
 * @param changed lines that were added or changed since the last release, by path relative to the workspace
 * @param reports with lines; their paths absolute, or relative to the project or the workspace
 */
export function judgeNewLines(
  changed: ReadonlyMap<string, readonly number[]>,
  reports: readonly CoverageReport[],
  policy: NewLinesPolicy,
  subject: NewLinesSubject,
): CheckResult {
  const { check, project } = subject;
  const limit = policy.newLines;
  const files = reports.flatMap((report) => report.files);
  if (files.length === 0) return inconclusive(check, limit, 'no coverage report says which lines tests ran');
  const found = [...changed].map(([path, lines]) =>
    linesOf(path, lines, findFile(path, [...changed.keys()], files, subject)),
  );
  const unknown = found.find((file) => file.problem !== null);
  if (unknown?.problem) return inconclusive(check, limit, unknown.problem);

  const uncovered = found.reduce((sum, file) => sum + file.uncovered.length, 0);
  const covered = found.reduce((sum, file) => sum + file.covered, 0);
  const total = covered + uncovered;
  const warnings = unmeasured(found, files);
  const base = { check, limit, unit: 'percent', ...(warnings.length > 0 ? { warnings } : {}) } as const;
  if (total === 0)
    return { ...base, verdict: 'pass', reason: 'no line changed that coverage counts', measured: null, findings: [] };
  const share = `${formatShare(covered, total, limit)} of ${total} changed lines covered`;
  const measured = (100 * covered) / total;
  const findings = found.flatMap(findingOf);
  if (reaches(covered, total, limit)) {
    return {
      ...base,
      verdict: 'pass',
      reason: `${share}, at least ${formatPercent(limit)} asked for`,
      measured,
      findings,
    };
  }
  const below = `${share}, below ${formatPercent(limit)}`;
  if (total <= policy.tinyChange) {
    const reason = `${below}; let pass, because no more than ${policy.tinyChange} such lines changed`;
    return { ...base, verdict: 'pass', reason, measured, findings };
  }
  const blocking: Finding = {
    title: `${uncovered} changed lines of ${project} uncovered`,
    fix: 'cover the lines listed with tests',
    fingerprint: `${check}:new-lines:${project.replaceAll('@', '')}@${stateOf(covered, total)}`,
  };
  return { ...base, verdict: 'fail', reason: below, measured, findings: [blocking, ...findings] };
}

interface ChangedFile {
  readonly path: string;
  /** Whether a report knows it. */
  readonly known: boolean;
  readonly covered: number;
  /** Ascending. */
  readonly uncovered: readonly number[];
  readonly problem: string | null;
}

type Match = { readonly files: readonly CoverageFile[] } | { readonly ambiguous: string };

function linesOf(path: string, lines: readonly number[], match: Match): ChangedFile {
  const none = { path, known: false, covered: 0, uncovered: [], problem: null };
  if (lines.length === 0) return { ...none, known: true };
  if ('ambiguous' in match) return { ...none, problem: match.ambiguous };
  if (match.files.length === 0) return none;
  const listing = match.files.filter(({ coveredLines }) => coveredLines !== null);
  if (listing.length === 0) {
    return {
      ...none,
      problem: `the coverage report has sums only, so nobody knows which changed lines of ${path} tests ran`,
    };
  }
  const hit = new Set(listing.flatMap(({ coveredLines }) => coveredLines ?? []));
  const missed = new Set(listing.flatMap((file) => file.uncovered));
  const own = [...new Set(lines)].sort((a, b) => a - b);
  return {
    path,
    known: true,
    covered: own.filter((line) => hit.has(line)).length,
    uncovered: own.filter((line) => missed.has(line) && !hit.has(line)),
    problem: null,
  };
}

/** The files of reports that a changed one is: by its whole path, else by the end of it. JaCoCo knows a file only by its package. */
function findFile(
  path: string,
  changed: readonly string[],
  files: readonly CoverageFile[],
  { root }: NewLinesSubject,
): Match {
  const named = files.map((file) => ({ file, name: posix.normalize(file.path.replaceAll('\\', '/')) }));
  const whole = named.filter(
    ({ name }) => name === path || posix.join(root, name) === path || (isAbsolute(name) && name.endsWith(`/${path}`)),
  );
  if (whole.length > 0) return { files: whole.map(({ file }) => file) };
  const ends = named.filter(({ name }) => !isAbsolute(name) && name.includes('/') && path.endsWith(`/${name}`));
  const [first] = ends;
  if (first === undefined) return { files: [] };
  const names = new Set(ends.map(({ name }) => name));
  const others = changed.filter((other) => other.endsWith(`/${first.name}`));
  if (names.size > 1 || others.length > 1)
    return { ambiguous: `the coverage report's ${first.name} may be any of ${others.join(', ')}` };
  return { files: ends.map(({ file }) => file) };
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:\//.test(path);
}

function findingOf({ path, covered, uncovered }: ChangedFile): Finding[] {
  const [line] = uncovered;
  if (line === undefined) return [];
  return [
    {
      title: `${uncovered.length} of ${covered + uncovered.length} changed lines uncovered`,
      file: path,
      line,
      detail: `uncovered: ${lineRanges(uncovered)}`,
    },
  ];
}

/** Changed files of a kind that reports hold, of which none knows: no test loads them, or they are tests themselves. */
function unmeasured(found: readonly ChangedFile[], files: readonly CoverageFile[]): string[] {
  const kinds = new Set(files.map(({ path }) => posix.extname(path)).filter((kind) => kind !== ''));
  const missing = found.filter(({ known, path }) => !known && kinds.has(posix.extname(path)) && !isTest(path));
  if (missing.length === 0) return [];
  const shown = missing.slice(0, 5).map(({ path }) => path);
  const more = missing.length > shown.length ? ` and ${missing.length - shown.length} more` : '';
  return [`no coverage report knows ${shown.join(', ')}${more}, so changes there were not judged`];
}

function isTest(path: string): boolean {
  return /(^|\/)(tests?|__tests__|spec|e2e)\/|[._-](test|spec)\.\w+$|(^|\/)(test_[^/]*|conftest)\.py$/.test(path);
}
