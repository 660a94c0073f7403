import type { GatesConfig } from '../config/schema';
import type { CoverageFile, CoverageReport } from '../reports/report';
import { inconclusive, unjudgeable, type CheckResult, type Evidence, type Finding, type ProjectCheck } from './check';
import { mergeCoverage } from './merge-coverage';
import { formatPercent, formatShare, reaches } from './share';

const CHECK = 'coverage';
const MAX_FINDINGS = 10;
const MAX_RANGES = 8;

export const coverageCheck: ProjectCheck<GatesConfig['coverage']> = {
  id: CHECK,
  title: 'Test coverage',
  kinds: ['coverage'],
  producers: [],
  exempt: () => null,
  judge: (evidence, policy) => judgeCoverage(evidence as Evidence<CoverageReport>, policy),
};

/** Share of lines that tests ran, over all reports together, compared exactly. */
function judgeCoverage(evidence: Evidence<CoverageReport>, policy: GatesConfig['coverage']): CheckResult {
  const limit = policy.lines;
  const nothing = unjudgeable(CHECK, limit, evidence);
  if (nothing) return nothing;
  const merged = mergeCoverage(evidence.reports);
  if ('contradiction' in merged) return inconclusive(CHECK, limit, merged.contradiction);
  const { covered, total } = merged.lines;
  if (total === 0) return inconclusive(CHECK, limit, 'nothing was measured: the report holds no lines');
  const enough = reaches(covered, total, limit);
  const share = `${formatShare(covered, total, limit)} of ${total} lines covered`;
  return {
    check: CHECK,
    verdict: enough ? 'pass' : 'fail',
    reason: enough ? `${share}, at least ${formatPercent(limit)} asked for` : `${share}, below ${formatPercent(limit)}`,
    measured: (100 * covered) / total,
    limit,
    unit: 'percent',
    findings: enough ? [] : leastCovered(merged.files),
  };
}

/** The files where most lines are missing: what to test next. */
function leastCovered(files: readonly CoverageFile[]): Finding[] {
  const open = files.filter((file) => file.covered < file.total);
  open.sort((a, b) => b.total - b.covered - (a.total - a.covered) || (a.path < b.path ? -1 : 1));
  return open.slice(0, MAX_FINDINGS).map((file) => {
    const [line] = file.uncovered;
    const ranges = file.uncovered.length > 0 ? `: ${lineRanges(file.uncovered)}` : '';
    return {
      title: `${file.total - file.covered} of ${file.total} lines uncovered`,
      file: file.path,
      ...(line === undefined ? {} : { line }),
      detail: `uncovered${ranges || ' lines are not listed'}`,
    };
  });
}

/** `3-8, 12, …` */
export function lineRanges(lines: readonly number[]): string {
  const ranges: { first: number; last: number }[] = [];
  for (const line of lines) {
    const open = ranges.at(-1);
    if (open && line === open.last + 1) open.last = line;
    else if (ranges.length === MAX_RANGES) return `${ranges.map(show).join(', ')}, …`;
    else ranges.push({ first: line, last: line });
  }
  return ranges.map(show).join(', ');
}

function show({ first, last }: { first: number; last: number }): string {
  return first === last ? String(first) : `${first}-${last}`;
}
