import type { ProjectCheckId, ReleaseCheckId } from '../config/gates/gates';
import type { Report, ReportKind, Severity } from '../reports/report';
import type { Verdict } from './verdict';

/** Checks of a project, of a release, and of a deployment. */
export type CheckId = ProjectCheckId | ReleaseCheckId | OwnCheckId | DeploymentCheckId;
/** Checks of a release that have no policy of their own. */
export type OwnCheckId = 'freshness' | 'waivers' | 'comparison' | 'secrets' | 'freeze' | 'bump';
export type DeploymentCheckId = 'health' | 'monitoring' | 'rehearsal' | 'backup';

/** What `measured` and `limit` count. */
export type Unit = 'percent' | 'milliseconds' | 'count' | 'hours';

/** One check on one project, release or deployment. */
export interface CheckResult {
  /** Name in the configuration's `gates`, e.g. `coverage`. */
  readonly check: string;
  readonly verdict: Verdict;
  /** One clause that stands alone, e.g. `79.99 % of 25,000 lines covered, below 80 %`. */
  readonly reason: string;
  /** Exact; null where nothing was measured. */
  readonly measured: number | null;
  readonly limit: number | null;
  readonly unit: Unit;
  readonly findings: readonly Finding[];
  /** What a person should know although it does not change the verdict. */
  readonly warnings?: readonly string[];
  /**
   * How many findings alone keep it from passing, where not all of them are listed: what is not listed can't be waived.
   * Default: those with a fingerprint.
   */
  readonly blocking?: number;
  /** Set on a failure: why it would be inconclusive if its findings were waived, e.g. that a tool could not audit something. */
  readonly unsettled?: string;
}

export interface Finding {
  readonly title: string;
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  readonly detail?: string;
  readonly severity?: Severity;
  /** The smallest thing that mends it, e.g. `npm install lodash@4.17.21`. */
  readonly fix?: string;
  /**
   * Set on what alone keeps the check from passing, and can be waived: `<check>:<what>@<state>`. What stays the same while the
   * finding is the same stands before the last `@`; behind it what a person relied on who waived it, e.g. the severity.
   */
  readonly fingerprint?: string;
  /** Set where a waiver covers it. */
  readonly waived?: { readonly approver: string; readonly expiry: string; readonly reason: string };
}

/** A report that could not be read, as a check sees it. */
export interface UnreadableReport {
  readonly path: string;
  readonly reason: string;
}

/** What a check judges: the reports of its kinds, the ones that can't be relied on, and where was looked. */
export interface Evidence<R = Report> {
  readonly reports: readonly R[];
  readonly unreadable: readonly UnreadableReport[];
  readonly looked: Looked;
}

export interface Looked {
  /** For people, e.g. `test`, `coverage`, `security`. */
  readonly kind: string;
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

/** What the checks of a project know of it besides its reports. */
export interface JudgedProject {
  readonly name: string;
  /** Relative to the workspace. */
  readonly root: string;
  readonly kind: 'npm' | 'python' | 'docker' | 'other';
  /** The targets that inference gave it, e.g. `release-load`. */
  readonly targets: readonly string[];
  /** Text files that the documentation check reads; null where nobody collected them. */
  readonly documents: ProjectDocuments | null;
  /** Variables that deployments set by themselves, e.g. by which Compose files take images. Nobody has to explain them. */
  readonly variables?: readonly string[];
  /** When it is judged: a sign-off or waiver may have expired by then. */
  readonly asOf: Date;
}

export interface ProjectDocuments {
  /** Paths relative to the workspace. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
  /** Those that could not be read, with the reason. */
  readonly unreadable?: readonly UnreadableReport[];
  /** Whether a path, relative to the workspace, is there: what links lead to. */
  readonly exists: (path: string) => boolean;
}

/** A check of a project: its file exports this, and `checks.ts` lists it. */
export interface ProjectCheck<P = never> {
  readonly id: ProjectCheckId;
  /** For people, e.g. `Test coverage`. */
  readonly title: string;
  /** Kinds of reports it judges; none where it looks at the project's files. */
  readonly kinds: readonly ReportKind[];
  /** The inferred targets that leave its reports. */
  readonly producers: readonly string[];
  /** Why it does not concern a project, although nobody switched it off; null where it does. Only asked where no report was found. */
  readonly exempt: (project: JudgedProject) => string | null;
  /** Pure. The reports are of its kinds only. */
  readonly judge: (evidence: Evidence, policy: P, project: JudgedProject) => CheckResult;
}

export function notApplicable(check: string, policy: NotApplicable, unit: Unit = 'percent'): CheckResult {
  return {
    check,
    verdict: 'notApplicable',
    reason: policy.notApplicable,
    measured: null,
    limit: null,
    unit,
    findings: [],
  };
}

/** Nothing can be said, and why: no report, or only such that can't be relied on. Null when there is something to judge. */
export function unjudgeable(
  check: string,
  limit: number | null,
  evidence: Evidence<unknown>,
  unit: Unit = 'percent',
): CheckResult | null {
  const { reports, unreadable, looked } = evidence;
  if (unreadable.length > 0) {
    const [first] = unreadable;
    const more = unreadable.length === 1 ? '' : ` (and ${unreadable.length - 1} more)`;
    return {
      ...inconclusive(
        check,
        limit,
        `${first?.path ?? 'a report'} can't be relied on: ${first?.reason ?? 'unknown'}${more}`,
        unit,
      ),
      findings: unreadableFindings(unreadable),
    };
  }
  if (reports.length > 0) return null;
  const findings = looked.globs.length === 0 ? [] : [{ title: `looked for ${looked.globs.join(', ')}` }];
  return { ...inconclusive(check, limit, missing(check, looked), unit), findings };
}

export function inconclusive(check: string, limit: number | null, reason: string, unit: Unit = 'percent'): CheckResult {
  return { check, verdict: 'inconclusive', reason, measured: null, limit, unit, findings: [] };
}

export function unreadableFindings(unreadable: readonly UnreadableReport[]): Finding[] {
  return unreadable.map(({ path, reason }) => ({
    title: "a report that can't be relied on",
    file: path,
    detail: reason,
  }));
}

function missing(check: string, { kind, root, producers }: Looked): string {
  const where = root === '.' ? 'the workspace' : root;
  const make =
    producers.length > 0
      ? `make one with: ${producers.join(' && ')}`
      : `no target makes one; name it in "producers", or give "gates.${check}" a reason under "notApplicable" in slipway.json`;
  return `no ${kind} report in ${where}; ${make}`;
}
