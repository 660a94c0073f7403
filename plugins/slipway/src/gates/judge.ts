import { PROJECT_CHECKS, type ProjectCheckId } from '../config/gates/gates';
import type { Report } from '../reports';
import {
  inconclusive,
  notApplicable,
  type CheckResult,
  type Evidence,
  type JudgedProject,
  type ProjectCheck,
  type UnreadableReport,
} from './check';
import { projectChecks } from './checks';
import type { GatePolicy } from './policy';
import { readFiles, type JudgedReport, type ReadFile, type ReportFile } from './read-files';
import { allows, worstVerdict, type Verdict } from './verdict';
import { applyWaivers, type UsedWaiver, type Waived, type WaiverSet } from './waivers';

export type { JudgedReport, ReportFile } from './read-files';

/** What a gate says of one project. Pure data, the same for the same inputs: it may be cached, and proves nothing by itself. */
export interface ProjectVerdict {
  readonly v: 2;
  readonly project: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly checks: readonly CheckResult[];
  readonly reports: readonly JudgedReport[];
  readonly policy: GatePolicy;
  /** The day it was judged for, YYYY-MM-DD in UTC. */
  readonly asOf: string;
  /** ISO 8601, UTC: the earliest moment at which one of its reports stops counting; null where none does. */
  readonly validUntil: string | null;
  /** The waivers that findings pass by. */
  readonly waivers: readonly UsedWaiver[];
  /** What a person should know although it changes nothing, besides what the checks say themselves. */
  readonly warnings: readonly string[];
  /** Version-blanked digest of the project's files. */
  readonly subject: string;
  readonly tool: Tool;
}

export interface Tool {
  readonly name: string;
  readonly version: string;
}

export interface JudgeInput {
  readonly project: Omit<JudgedProject, 'asOf'>;
  /** Absolute path of the project's root: coverage files are named relative to it. */
  readonly directory: string;
  readonly policy: GatePolicy;
  readonly files: readonly ReportFile[];
  /** Globs that were looked for, by check. */
  readonly globs: Readonly<Record<ProjectCheckId, readonly string[]>>;
  /** Targets of the project that leave its reports, besides the inferred ones. */
  readonly producers: readonly string[];
  readonly subject: string;
  readonly tool: Tool;
  /** The day of judgement, YYYY-MM-DD in UTC. */
  readonly asOf: string;
  readonly waivers: WaiverSet;
  /** Milliseconds for which an audit counts that does not say so itself. */
  readonly auditValidFor: number;
}

/** Judges what was reported of one project against its policy, and lets pass what is waived. */
export function judgeProject(input: JudgeInput): ProjectVerdict {
  const { policy, waivers, asOf } = input;
  const read = readFiles(input.files, input);
  const project: JudgedProject = { ...input.project, asOf: new Date(`${asOf}T00:00:00Z`) };
  const judged = PROJECT_CHECKS.map((id): Pick<Waived, 'result' | 'used'> => {
    const check = checkOf(id);
    const evidence = evidenceFor(check, read, input);
    const result = judgeOne(check, evidence, policy[id], project);
    const unsettled = result.unsettled ?? unsettledBy(evidence.unreadable);
    if ('problem' in waivers) return { result, used: [] };
    return applyWaivers(result, waivers.waivers, { project: project.name, asOf, unsettled });
  });
  const checks = judged.map(({ result }) => result);
  // Nobody knows what it was to waive, nor whether it holds what a person relied on.
  if ('problem' in waivers) checks.push(inconclusive('waivers', null, waivers.problem, 'count'));
  const verdict = worstVerdict(checks.map((check) => check.verdict));
  const reports = read.flatMap((file) => ('judged' in file && isUsed(file) ? [file.judged] : []));
  return {
    v: 2,
    project: project.name,
    verdict,
    reason: reasonFor(verdict, checks),
    checks,
    reports,
    policy,
    asOf,
    validUntil: reports.flatMap(({ validUntil }) => validUntil ?? []).sort()[0] ?? null,
    waivers: judged.flatMap(({ used }) => used),
    warnings: read.flatMap((file) =>
      'passedOver' in file ? [`${file.path} was passed over: ${file.passedOver}`] : [],
    ),
    subject: input.subject,
    tool: input.tool,
  };
}

/** What the registry lists under a name; its policy is that of the same name. */
export function checkOf(id: ProjectCheckId): ProjectCheck {
  return projectChecks[id];
}

function judgeOne(
  check: ProjectCheck,
  evidence: Evidence,
  policy: GatePolicy[ProjectCheckId],
  project: JudgedProject,
): CheckResult {
  if ('notApplicable' in policy) return notApplicable(check.id, policy);
  const nothing = evidence.reports.length === 0 && evidence.unreadable.length === 0;
  const exempt = nothing ? check.exempt(project) : null;
  if (exempt !== null) return notApplicable(check.id, { notApplicable: exempt });
  return check.judge(evidence, policy as never, project);
}

function evidenceFor(check: ProjectCheck, read: readonly ReadFile[], input: JudgeInput): Evidence {
  const { project } = input;
  const wanted = read.filter((file) => file.wanted.includes(check.id));
  const used = wanted.flatMap((file) => ('report' in file && check.kinds.includes(file.report.kind) ? [file] : []));
  const targets = [...check.producers.filter((name) => project.targets.includes(name)), ...input.producers];
  return {
    reports: used.map(({ report }) => report),
    unreadable: [...wanted.filter((file) => 'reason' in file), ...copies(check, used)],
    looked: {
      kind: check.id === 'tests' ? 'test' : check.id,
      globs: input.globs[check.id],
      root: project.root,
      producers: targets.map((target) => `npx nx run ${project.name}:${target}`),
    },
  };
}

/** What is measured once can't be two reports: one is a copy, and whatever it stands for is missing. Two audits may well agree. */
export function copies(
  { id }: Pick<ProjectCheck, 'id'>,
  used: readonly { readonly judged: JudgedReport }[],
): readonly UnreadableReport[] {
  if (id === 'security') return [];
  const seen = new Map<string, string>();
  return used.flatMap(({ judged: { path, sha256 } }) => {
    const first = seen.get(sha256);
    if (first === undefined) seen.set(sha256, path);
    return first === undefined ? [] : [{ path, reason: `it is a copy of ${first}, and would count twice` }];
  });
}

function unsettledBy([first]: readonly UnreadableReport[]): string | null {
  return first === undefined ? null : `${first.path} can't be relied on: ${first.reason}`;
}

function isUsed(file: { readonly wanted: readonly ProjectCheckId[]; readonly report: Report }): boolean {
  return file.wanted.some((id) => checkOf(id).kinds.includes(file.report.kind));
}

function reasonFor(verdict: Verdict, checks: readonly CheckResult[]): string {
  const telling =
    allows(verdict) && verdict !== 'notApplicable'
      ? checks.filter((check) => check.verdict !== 'notApplicable')
      : checks.filter((check) => check.verdict === verdict);
  return telling.map((check) => `${check.check}: ${check.reason}`).join('; ');
}
