import type { GatesConfig } from '../config/schema';
import type { CoverageFile, CoverageReport, Share } from '../reports/report';
import { inconclusive, unjudgeable, type CheckResult, type Evidence, type Finding, type ProjectCheck } from './check';
import { lineRanges } from './line-ranges';
import { mergeCoverage } from './merge-coverage';
import { formatPercent, formatShare, reaches, stateOf } from './share';

const CHECK = 'coverage';
const MAX_FINDINGS = 10;
type Policy = GatesConfig['coverage'];

export const coverageCheck: ProjectCheck<Policy> = {
  id: CHECK,
  title: 'Test coverage',
  kinds: ['coverage'],
  producers: [],
  exempt: () => null,
  judge: (evidence, policy) => judgeCoverage(evidence as Evidence<CoverageReport>, policy),
};

/** One share against its limit. */
interface Judged {
  readonly what: 'lines' | 'branches';
  readonly share: Share;
  readonly limit: number;
  readonly enough: boolean;
}

/** Share of lines, and of branches where the policy asks for them, that tests ran, over all reports together, compared exactly. */
function judgeCoverage(evidence: Evidence<CoverageReport>, policy: Policy): CheckResult {
  const nothing = unjudgeable(CHECK, policy.lines, evidence);
  if (nothing) return nothing;
  const merged = mergeCoverage(evidence.reports);
  if ('contradiction' in merged) return inconclusive(CHECK, policy.lines, merged.contradiction);
  if (merged.lines.total === 0)
    return inconclusive(CHECK, policy.lines, 'nothing was measured: the report holds no lines');
  const lines = judgeShare('lines', merged.lines, policy.lines);
  if (policy.branches === undefined) return resultOf([lines], merged.files);
  const { branches } = merged;
  if (branches === null || branches.total === 0) {
    const reason = noBranches(policy.branches, evidence.reports);
    if (lines.enough) return inconclusive(CHECK, policy.branches, reason);
    return { ...resultOf([lines], merged.files), unsettled: reason };
  }
  return resultOf([lines, judgeShare('branches', branches, policy.branches)], merged.files);
}

function judgeShare(what: Judged['what'], share: Share, limit: number): Judged {
  return { what, share, limit, enough: reaches(share.covered, share.total, limit) };
}

/** `measured` and `limit` are those of the first share that is too low, else of the lines. */
function resultOf(judged: readonly Judged[], files: readonly CoverageFile[]): CheckResult {
  const low = judged.filter(({ enough }) => !enough);
  const [telling] = low.length > 0 ? low : judged;
  const blocking: Finding[] = low.map(({ what, share, limit }) => ({
    title: `${formatShare(share.covered, share.total, limit)} of ${share.total} ${what} covered, below ${formatPercent(limit)}`,
    fix: `cover ${missing(share, limit)} more of them with tests`,
    fingerprint: `${CHECK}:${what}@${stateOf(share.covered, share.total)}`,
  }));
  return {
    check: CHECK,
    verdict: low.length === 0 ? 'pass' : 'fail',
    reason: (low.length > 0 ? low : judged).map(sentence).join('; '),
    measured: telling === undefined ? null : (100 * telling.share.covered) / telling.share.total,
    limit: telling?.limit ?? null,
    unit: 'percent',
    findings: low.length === 0 ? [] : [...blocking, ...leastCovered(files)],
  };
}

function sentence({ what, share, limit, enough }: Judged): string {
  const shown = `${formatShare(share.covered, share.total, limit)} of ${share.total} ${what} covered`;
  return enough ? `${shown}, at least ${formatPercent(limit)} asked for` : `${shown}, below ${formatPercent(limit)}`;
}

/** How many more must be covered to reach the limit. */
function missing({ covered, total }: Share, limit: number): number {
  const about = Math.ceil((limit / 100) * total) - covered;
  // Off by one at most, where the product is not exact.
  return [about - 1, about, about + 1].find((more) => more > 0 && reaches(covered + more, total, limit)) ?? about;
}

function noBranches(limit: number, reports: readonly CoverageReport[]): string {
  const asked = `${formatPercent(limit)} of branches must be covered, but`;
  return reports.length === 1
    ? `${asked} the report does not say how many are`
    : `${asked} ${reports.length} reports can't be added up to say how many are; name one under "reports"`;
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
