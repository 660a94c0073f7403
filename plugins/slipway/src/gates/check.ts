import type { ReportKind } from '../reports/report';
import type { Verdict } from './verdict';

/** One check on one project. */
export interface CheckResult {
  /** Name in the configuration's `gates`, e.g. `coverage`. */
  readonly check: string;
  readonly verdict: Verdict;
  /** One clause that stands alone, e.g. `79.99 % of 25,000 lines covered, below 80 %`. */
  readonly reason: string;
  /** Percent, exact; null where nothing was measured. */
  readonly measured: number | null;
  /** Percent. */
  readonly limit: number | null;
  readonly findings: readonly Finding[];
}

export interface Finding {
  readonly title: string;
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  readonly detail?: string;
}

/** A report that could not be read, as a check sees it. */
export interface UnreadableReport {
  readonly path: string;
  readonly reason: string;
}

/** What a check judges: the reports of its kind, the ones that can't be relied on, and where was looked. */
export interface Evidence<R> {
  readonly reports: readonly R[];
  readonly unreadable: readonly UnreadableReport[];
  readonly looked: Looked;
}

export interface Looked {
  readonly kind: ReportKind;
  /** Globs relative to the project. */
  readonly globs: readonly string[];
  /** Root of the project relative to the workspace. */
  readonly root: string;
  /** What makes the reports, e.g. `nx run backend:test`; empty where no target does. */
  readonly producers: readonly string[];
}

export interface NotApplicable {
  readonly notApplicable: string;
}

export function notApplicable(check: string, policy: NotApplicable): CheckResult {
  return { check, verdict: 'notApplicable', reason: policy.notApplicable, measured: null, limit: null, findings: [] };
}

/** Nothing can be said, and why: no report, or only such that can't be relied on. Null when there is something to judge. */
export function unjudgeable<R>(check: string, limit: number, evidence: Evidence<R>): CheckResult | null {
  const { reports, unreadable, looked } = evidence;
  if (unreadable.length > 0) {
    const [first] = unreadable;
    const more = unreadable.length === 1 ? '' : ` (and ${unreadable.length - 1} more)`;
    return {
      ...inconclusive(
        check,
        limit,
        `${first?.path ?? 'a report'} can't be relied on: ${first?.reason ?? 'unknown'}${more}`,
      ),
      findings: unreadableFindings(unreadable),
    };
  }
  if (reports.length > 0) return null;
  const findings = [{ title: `looked for ${looked.globs.join(', ')}` }];
  return { ...inconclusive(check, limit, missing(check, looked)), findings };
}

export function inconclusive(check: string, limit: number, reason: string): CheckResult {
  return { check, verdict: 'inconclusive', reason, measured: null, limit, findings: [] };
}

export function unreadableFindings(unreadable: readonly UnreadableReport[]): Finding[] {
  return unreadable.map(({ path, reason }) => ({
    title: "a report that can't be relied on",
    file: path,
    detail: reason,
  }));
}

function missing(check: string, { kind, root, producers }: Looked): string {
  const what = kind === 'tests' ? 'test' : 'coverage';
  const where = root === '.' ? 'the workspace' : root;
  const make =
    producers.length > 0
      ? `make one with: ${producers.join(' && ')}`
      : `no target makes one; name it in "producers", or give "gates.${check}" a reason under "notApplicable" in slipway.json`;
  return `no ${what} report in ${where}; ${make}`;
}
