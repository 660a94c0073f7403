import type { Waiver } from '../config/waiver';
import { SEVERITIES, type Severity } from '../reports/report';
import type { CheckResult, Finding } from './check';
import { plainName } from './plain-name';

export type { Waiver } from '../config/waiver';

/** Days, counted from the one of judgement, that a waiver may run at most. One that runs longer does not count. */
export const LONGEST_WAIVER: Readonly<Record<Severity, number>> = {
  critical: 7,
  high: 30,
  medium: 90,
  low: 180,
  info: 180,
  unknown: 30,
};

/** The waivers of a workspace, or why nobody can tell which there are. */
export type WaiverSet = { readonly waivers: readonly Waiver[] } | { readonly problem: string };

/** A waiver that let a finding pass. */
export interface UsedWaiver extends Omit<Waiver, 'project'> {
  /** Name of the check. */
  readonly check: string;
}

export type WaiverProblemKind = 'expired' | 'tooFar' | 'selfApproved' | 'changed' | 'unused';

/** What is wrong with a waiver. */
export interface WaiverProblem {
  readonly kind: WaiverProblemKind;
  readonly fingerprint: string;
  /** A sentence that stands alone. */
  readonly message: string;
}

export interface Waived {
  readonly result: CheckResult;
  readonly used: readonly UsedWaiver[];
  readonly problems: readonly WaiverProblem[];
}

export interface WaiverScope {
  /** Nx name. */
  readonly project: string | null;
  /** The day of judgement, YYYY-MM-DD in UTC. */
  readonly asOf: string;
  /** What would keep the check inconclusive, did none of its findings count. */
  readonly unsettled: string | null;
}

/**
 * What a check comes to with waivers. Only what fails can be waived, and only when each finding that alone keeps it from
 * passing is: a failing check without such findings stays as it is. The order of waivers does not matter.
 */
export function applyWaivers(result: CheckResult, waivers: readonly Waiver[], scope: WaiverScope): Waived {
  const own = waivers.filter((waiver) => concerns(waiver, result.check, scope.project)).sort(byContent);
  if (own.length === 0 || result.verdict === 'notApplicable') return { result, used: [], problems: [] };
  const problems = own.flatMap((waiver) => problemsOf(waiver, result, scope));
  if (result.verdict !== 'fail') return { result: warned(result, problems), used: [], problems };

  const used: UsedWaiver[] = [];
  const findings = result.findings.map((finding): Finding => {
    const waiver = own.find((one) => one.fingerprint === finding.fingerprint && flaw(one, finding, scope) === null);
    if (waiver === undefined) return finding;
    const { fingerprint, owner, approver, reason, expiry } = waiver;
    if (!used.some((one) => one.fingerprint === fingerprint))
      used.push({ check: result.check, fingerprint, owner, approver, reason, expiry });
    return { ...finding, waived: { approver, expiry, reason } };
  });
  const blocking = findings.filter(({ fingerprint }) => fingerprint !== undefined);
  const left = blocking.filter(({ waived }) => waived === undefined).length;
  const base = warned({ ...result, findings }, problems);
  if (used.length === 0) return { result: base, used, problems };
  if (left > 0 || (result.blocking ?? 0) > blocking.length) return { result: base, used, problems };
  const by = `waived by ${[...new Set(used.map(({ approver }) => approver))].join(' and ')} until ${soonest(used)}`;
  if (scope.unsettled !== null)
    return {
      result: { ...base, verdict: 'inconclusive', reason: `${scope.unsettled}; the rest is ${by}` },
      used,
      problems,
    };
  return { result: { ...base, verdict: 'waived', reason: `${result.reason}; ${by}` }, used, problems };
}

/**
 * Waivers that no finding has any more, over everything that was judged: they should go. None is called unused while the check
 * of its fingerprint could not be judged somewhere.
 */
export function unusedWaivers(waivers: readonly Waiver[], judged: readonly JudgedCheck[]): readonly WaiverProblem[] {
  return [...waivers].sort(byContent).flatMap((waiver): WaiverProblem[] => {
    const where = judged.filter(({ project, result }) => concerns(waiver, result.check, project));
    const open = where.some(({ result }) => result.verdict === 'inconclusive');
    const met = where.some(({ result }) =>
      result.findings.some(({ fingerprint }) => identityOf(fingerprint) === identityOf(waiver.fingerprint)),
    );
    if (open || met) return [];
    const place = waiver.project === undefined ? 'nothing that was judged' : waiver.project;
    return [problem('unused', waiver, `is not used: ${place} has no such finding; remove it`)];
  });
}

/** A check and the project it was made of; null where it was made of the release. */
export interface JudgedCheck {
  readonly project: string | null;
  readonly result: CheckResult;
}

/**
 * What is wrong with a waiver by itself, whatever it is for, on a day. Where its finding is not at hand, the longest term of all
 * severities counts.
 * @param asOf YYYY-MM-DD in UTC
 */
export function waiverFlaw(waiver: Waiver, severity: Severity | null, asOf: string): WaiverProblem | null {
  if (plainName(waiver.owner) === plainName(waiver.approver))
    return problem('selfApproved', waiver, `does not count: ${waiver.owner} can't approve what ${waiver.owner} owns`);
  if (waiver.expiry < asOf) return problem('expired', waiver, `expired on ${waiver.expiry}`);
  const longest =
    severity === null ? Math.max(...SEVERITIES.map((one) => LONGEST_WAIVER[one])) : LONGEST_WAIVER[severity];
  if (daysBetween(asOf, waiver.expiry) <= longest) return null;
  const what = severity === null ? 'any finding' : `a finding of ${severity} severity`;
  return problem(
    'tooFar',
    waiver,
    `does not count: it runs until ${waiver.expiry}, more than the ${longest} days that ${what} may be waived for`,
  );
}

/** What stays the same while the finding is the same: what stands before the state. */
export function identityOf(fingerprint: string): string;
export function identityOf(fingerprint: string | undefined): string | undefined;
export function identityOf(fingerprint: string | undefined): string | undefined {
  // An @ with a colon or slash behind it belongs to a name, such as that of a scoped package.
  return fingerprint?.replace(/@[^@/:]*$/, '');
}

/** The day of a moment, YYYY-MM-DD in UTC. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

function problemsOf(waiver: Waiver, result: CheckResult, scope: WaiverScope): WaiverProblem[] {
  const met = result.findings.filter(({ fingerprint }) => fingerprint === waiver.fingerprint);
  const flaws = met.flatMap((finding) => flaw(waiver, finding, scope) ?? []);
  if (met.length > 0) return flaws.slice(0, 1);
  const same = result.findings.find(({ fingerprint }) => identityOf(fingerprint) === identityOf(waiver.fingerprint));
  if (same?.fingerprint !== undefined)
    return [
      problem('changed', waiver, `does not count: the finding has changed since, and is ${same.fingerprint} now`),
    ];
  // Without a project it may be for another one, so only the release can tell.
  if (waiver.project === undefined || result.verdict === 'inconclusive') return [];
  return [problem('unused', waiver, `is not used: ${waiver.project} has no such finding; remove it`)];
}

function flaw(waiver: Waiver, finding: Finding, { asOf }: WaiverScope): WaiverProblem | null {
  return waiverFlaw(waiver, finding.severity ?? 'unknown', asOf);
}

function concerns(waiver: Waiver, check: string, project: string | null): boolean {
  return waiver.fingerprint.startsWith(`${check}:`) && (waiver.project === undefined || waiver.project === project);
}

function warned(result: CheckResult, problems: readonly WaiverProblem[]): CheckResult {
  if (problems.length === 0) return result;
  return { ...result, warnings: [...(result.warnings ?? []), ...problems.map(({ message }) => message)] };
}

function problem(kind: WaiverProblemKind, { fingerprint, approver }: Waiver, what: string): WaiverProblem {
  return { kind, fingerprint, message: `the waiver of ${fingerprint}, approved by ${approver}, ${what}` };
}

function soonest(used: readonly UsedWaiver[]): string {
  return used.map(({ expiry }) => expiry).sort()[0] ?? '';
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
}

/** Which of two for one finding counts must not depend on where they stand: the one that ends later. */
function byContent(a: Waiver, b: Waiver): number {
  const key = ({ fingerprint, project = '', owner, approver, reason }: Waiver): string =>
    JSON.stringify([fingerprint, project, owner, approver, reason]);
  if (a.expiry !== b.expiry) return a.expiry > b.expiry ? -1 : 1;
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
}
