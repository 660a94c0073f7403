import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import {
  readReport,
  ReportError,
  type CoverageReport,
  type Report,
  type ReportFormat,
  type ReportKind,
  type TestReport,
} from '../reports';
import type { CheckResult, Evidence, UnreadableReport } from './check';
import { judgeCoverage } from './coverage';
import type { GatePolicy } from './policy';
import { judgeTests } from './tests';
import { allows, worstVerdict, type Verdict } from './verdict';

/** A report file as it was found. An error to read it is data: it makes the check inconclusive. */
export type ReportFile = {
  /** Relative to the workspace. */
  readonly path: string;
  /** For which checks it was looked up. */
  readonly wanted: readonly ReportKind[];
  /** Whether a person named it. Others are passed over when they turn out to be no report of a known format. */
  readonly named: boolean;
} & ({ readonly content: string | Uint8Array } | { readonly error: string });

export interface JudgedReport {
  readonly path: string;
  /** Hex, of the file's bytes. */
  readonly sha256: string;
  readonly format: ReportFormat;
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
  readonly project: {
    readonly name: string;
    /** Relative to the workspace. */
    readonly root: string;
    /** Absolute path of `root`: coverage files are named relative to it. */
    readonly directory: string;
  };
  readonly policy: GatePolicy;
  readonly files: readonly ReportFile[];
  /** Globs that were looked for, by kind. */
  readonly globs: Readonly<Record<ReportKind, readonly string[]>>;
  /** Commands that make the reports, e.g. `nx run backend:test`. */
  readonly producers: readonly string[];
  readonly subject: string;
  readonly tool: Tool;
}

/** Judges what was reported of one project against its policy. */
export function judgeProject(input: JudgeInput): ProjectVerdict {
  const { project, policy } = input;
  const read = input.files.map((file) => readFile(file, project.directory));
  const evidence = <R extends Report>(kind: R['kind']): Evidence<R> => ({
    reports: read.flatMap((file) =>
      'report' in file && file.report.kind === kind && file.wanted.includes(kind) ? [file.report as R] : [],
    ),
    unreadable: read.flatMap((file) => ('reason' in file && file.wanted.includes(kind) ? [file] : [])),
    looked: { kind, globs: input.globs[kind], root: project.root, producers: input.producers },
  });
  const checks = [
    judgeTests(evidence<TestReport>('tests'), policy.tests),
    judgeCoverage(evidence<CoverageReport>('coverage'), policy.coverage),
  ];
  const verdict = worstVerdict(checks.map((check) => check.verdict));
  return {
    v: 1,
    project: project.name,
    verdict,
    reason: reasonFor(verdict, checks),
    checks,
    reports: read.flatMap((file) => ('judged' in file && file.wanted.includes(file.report.kind) ? [file.judged] : [])),
    policy,
    subject: input.subject,
    tool: input.tool,
  };
}

type ReadFile =
  | { readonly wanted: readonly ReportKind[]; readonly report: Report; readonly judged: JudgedReport }
  | ({ readonly wanted: readonly ReportKind[] } & UnreadableReport)
  | { readonly wanted: readonly ReportKind[]; readonly passedOver: true };

function readFile(file: ReportFile, directory: string): ReadFile {
  const { path, wanted } = file;
  if ('error' in file) return { wanted, path, reason: file.error };
  try {
    const { format, report } = readReport('auto', file.content);
    const sha256 = createHash('sha256').update(file.content).digest('hex');
    return {
      wanted,
      report: report.kind === 'coverage' ? relativeTo(report, directory) : report,
      judged: { path, sha256, format },
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
