import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { PROJECT_CHECKS, type ProjectCheckId } from '../config/gates/gates';
import { readReport, ReportError, type CoverageReport, type Origin, type Report, type ReportFormat } from '../reports';
import {
  notApplicable,
  type CheckResult,
  type Evidence,
  type JudgedProject,
  type ProjectCheck,
  type UnreadableReport,
} from './check';
import { projectChecks } from './checks';
import type { GatePolicy } from './policy';
import { allows, worstVerdict, type Verdict } from './verdict';

/** A report file as it was found. An error to read it is data: it makes the check inconclusive. */
export type ReportFile = {
  /** Relative to the workspace. */
  readonly path: string;
  /** For which checks it was looked up. */
  readonly wanted: readonly ProjectCheckId[];
  /** Whether a person named it. Others are passed over when they turn out to be no report of a known format. */
  readonly named: boolean;
} & ({ readonly content: string | Uint8Array } | { readonly error: string });

export interface JudgedReport {
  readonly path: string;
  /** Hex, of the file's bytes. */
  readonly sha256: string;
  readonly format: ReportFormat;
  /** Null where the report says nothing of it. */
  readonly origin: Origin | null;
}

/** What a gate says of one project. Pure data, the same for the same inputs: it may be cached, and proves nothing by itself. */
export interface ProjectVerdict {
  readonly v: 1;
  readonly project: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly checks: readonly CheckResult[];
  readonly reports: readonly JudgedReport[];
  readonly policy: GatePolicy;
  /** Version-blanked digest of the project's files. */
  readonly subject: string;
  readonly tool: Tool;
}

export interface Tool {
  readonly name: string;
  readonly version: string;
}

export interface JudgeInput {
  readonly project: JudgedProject;
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
}

/** Judges what was reported of one project against its policy. */
export function judgeProject(input: JudgeInput): ProjectVerdict {
  const { project, policy } = input;
  const read = input.files.map((file) => readFile(file, input.directory));
  const checks = PROJECT_CHECKS.flatMap((id) => {
    const check = checkOf(id);
    return check === null ? [] : [judgeOne(check, evidenceFor(check, read, input), policy[id], project)];
  });
  const verdict = worstVerdict(checks.map((check) => check.verdict));
  return {
    v: 1,
    project: project.name,
    verdict,
    reason: reasonFor(verdict, checks),
    checks,
    reports: read.flatMap((file) => ('judged' in file && isUsed(file) ? [file.judged] : [])),
    policy,
    subject: input.subject,
    tool: input.tool,
  };
}

/** What the registry lists under a name; its policy is that of the same name. */
function checkOf(id: ProjectCheckId): ProjectCheck | null {
  return id in projectChecks ? projectChecks[id as keyof typeof projectChecks] : null;
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
  const targets = [...check.producers.filter((name) => project.targets.includes(name)), ...input.producers];
  return {
    reports: wanted.flatMap((file) =>
      'report' in file && check.kinds.includes(file.report.kind) ? [file.report] : [],
    ),
    unreadable: wanted.filter((file) => 'reason' in file),
    looked: {
      kind: check.id === 'tests' ? 'test' : check.id,
      globs: input.globs[check.id],
      root: project.root,
      producers: targets.map((target) => `npx nx run ${project.name}:${target}`),
    },
  };
}

function isUsed(file: { readonly wanted: readonly ProjectCheckId[]; readonly report: Report }): boolean {
  return file.wanted.some((id) => checkOf(id)?.kinds.includes(file.report.kind));
}

type ReadFile =
  | { readonly wanted: readonly ProjectCheckId[]; readonly report: Report; readonly judged: JudgedReport }
  | ({ readonly wanted: readonly ProjectCheckId[] } & UnreadableReport)
  | { readonly wanted: readonly ProjectCheckId[]; readonly passedOver: true };

function readFile(file: ReportFile, directory: string): ReadFile {
  const { path, wanted } = file;
  if ('error' in file) return { wanted, path, reason: file.error };
  try {
    const { format, report } = readReport('auto', file.content);
    const sha256 = createHash('sha256').update(file.content).digest('hex');
    return {
      wanted,
      report: report.kind === 'coverage' ? relativeTo(report, directory) : report,
      judged: { path, sha256, format, origin: report.origin ?? null },
    };
  } catch (error) {
    if (!(error instanceof ReportError)) throw error;
    if (error.problem === 'unsupported' && !file.named) return { wanted, passedOver: true };
    return { wanted, path, reason: error.message };
  }
}

/** Writers name files absolutely or relatively: one name for one file, so that several reports can be merged. */
function relativeTo(report: CoverageReport, directory: string): CoverageReport {
  const base = directory.replaceAll('\\', '/').replace(/\/$/, '');
  const files = report.files.map((file) => {
    const path = posix.normalize(file.path.replaceAll('\\', '/'));
    return { ...file, path: path.startsWith(`${base}/`) ? path.slice(base.length + 1) : path };
  });
  return { ...report, files };
}

function reasonFor(verdict: Verdict, checks: readonly CheckResult[]): string {
  const telling =
    allows(verdict) && verdict !== 'notApplicable'
      ? checks.filter((check) => check.verdict !== 'notApplicable')
      : checks.filter((check) => check.verdict === verdict);
  return telling.map((check) => `${check.check}: ${check.reason}`).join('; ');
}
