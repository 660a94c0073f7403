import { posix } from 'node:path';
import type { z } from 'zod';
import { gates, ownGates, PROJECT_CHECKS, type ProjectCheckId } from '../config/gates/gates';
import { closest } from '../config/suggest';
import { decodeReport } from '../reports/decode';
import { ReportError } from '../reports/report';
import { notApplicable, type CheckResult, type Evidence, type JudgedProject, type ProjectDocuments } from './check';
import { checkOf, copies } from './judge';
import type { GatePolicy } from './policy';
import { PolicyError } from './policy-error';
import { readFiles, type ReportFile } from './read-files';
import { dayOf } from './waivers';

/** A report as a program hands it over. */
export interface GivenReport {
  /** For people; coverage and findings name files relative to where it lies. */
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** How long the gate lets an audit count by default. */
const AUDIT_VALID_FOR = 24 * 60 * 60 * 1_000;

/** What `nx-slipway` exports as `judge`. */
export function judgeReports(name: string, reports: readonly GivenReport[], policy: unknown, now: Date): CheckResult {
  const id = PROJECT_CHECKS.find((one) => one === name);
  if (id === undefined) {
    const meant = closest(String(name), PROJECT_CHECKS);
    const hint = meant === null ? '.' : `; did you mean ${meant}?`;
    throw new PolicyError(
      String(name),
      `there is no check "${String(name)}"${hint} The checks are ${PROJECT_CHECKS.join(', ')}`,
    );
  }
  const check = checkOf(id);
  const given: unknown = reports;
  if (!Array.isArray(given)) throw new TypeError('reports is no list of { path, content }');
  const asked = readPolicy(id, policy);
  if ('notApplicable' in asked) return notApplicable(id, asked);
  const documents = id === 'documentation' ? documentsOf(reports) : null;
  const project: JudgedProject = { name: 'the project', root: '.', kind: 'other', targets: [], documents, asOf: now };
  const files =
    documents === null ? reports.map((report): ReportFile => ({ ...report, wanted: [id], named: true })) : [];
  const { evidence, warnings } = evidenceOf(check, files, now);
  const judged = check.judge(evidence, asked as never, project);
  if (reports.length > 0)
    return warnings.length === 0 ? judged : { ...judged, warnings: [...(judged.warnings ?? []), ...warnings] };
  // What the check says itself is meant for a project on disk.
  const what = documents === null ? 'report' : 'document';
  return { ...judged, verdict: 'inconclusive', reason: `no ${what} was given`, measured: null, findings: [] };
}

/** What is given is judged as it is: only what says itself until when it counts can be too old. The age of an audit is told. */
function evidenceOf(
  check: NonNullable<ReturnType<typeof checkOf>>,
  files: readonly ReportFile[],
  now: Date,
): { readonly evidence: Evidence; readonly warnings: readonly string[] } {
  const read = readFiles(files, { directory: '.', asOf: dayOf(now), auditValidFor: null });
  const used = read.flatMap((file) => ('report' in file && check.kinds.includes(file.report.kind) ? [file] : []));
  const others = read.flatMap((file) =>
    'report' in file && !check.kinds.includes(file.report.kind)
      ? [{ path: file.path, reason: `it is no report for ${check.id}: it holds ${file.report.kind}` }]
      : [],
  );
  const expired = used.flatMap(({ path, judged: { validUntil } }) =>
    validUntil !== null && validUntil < now.toISOString() ? [{ path, reason: `it counted until ${validUntil}` }] : [],
  );
  const evidence: Evidence = {
    reports: used.map(({ report }) => report),
    unreadable: [...read.filter((file) => 'reason' in file), ...others, ...copies(check, used), ...expired],
    looked: { kind: check.id, globs: [], root: '.', producers: [] },
  };
  const warnings = used.flatMap(({ path, report: { kind }, judged: { origin, validUntil } }) => {
    const measuredAt = origin?.measuredAt ?? null;
    if (kind !== 'security' || validUntil !== null || measuredAt === null) return [];
    return now.getTime() - Date.parse(measuredAt) > AUDIT_VALID_FOR
      ? [
          `${path} was made at ${measuredAt}: new advisories may have come out, and the gate lets an audit count for 24 hours`,
        ]
      : [];
  });
  return { evidence, warnings };
}

/** The documentation check takes files as they are. What is no text can't be judged. */
function documentsOf(reports: readonly GivenReport[]): ProjectDocuments {
  const files: { path: string; content: string }[] = [];
  const unreadable: { path: string; reason: string }[] = [];
  for (const { path, content } of reports) {
    try {
      files.push({ path: posix.normalize(path), content: decodeReport(content) });
    } catch (error) {
      if (!(error instanceof ReportError)) throw error;
      unreadable.push({ path, reason: error.message });
    }
  }
  const known = new Set(files.map(({ path }) => path));
  const isFolder = (path: string): boolean => files.some((file) => file.path.startsWith(`${path.replace(/\/$/, '')}/`));
  return { files, unreadable, exists: (path) => known.has(path) || path === '.' || isFolder(path) };
}

/** A check's own section of "gates", or all of them; what is left out has its default. */
function readPolicy(id: ProjectCheckId, given: unknown): GatePolicy[ProjectCheckId] {
  const defaults = gates.shape[id].parse(undefined);
  if (given === undefined) return defaults;
  const whole = isWhole(given, id);
  if (whole) refuseUnknown(given);
  const section = whole ? given[id] : given;
  const parsed = ownGates.shape[id].safeParse(section);
  if (!parsed.success) throw wrong(parsed.error, [id]);
  if (parsed.data === undefined) return defaults;
  if ('notApplicable' in parsed.data) return parsed.data;
  return gates.shape[id].parse(section);
}

function isWhole(given: unknown, id: ProjectCheckId): given is Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null && Object.hasOwn(given, id);
}

function refuseUnknown(given: Readonly<Record<string, unknown>>): void {
  const known = Object.keys(gates.shape);
  const other = Object.keys(given).find((key) => !known.includes(key));
  if (other !== undefined)
    throw new PolicyError(other, `${other} is no key of the policy; it takes ${known.join(', ')}`);
}

function wrong(error: z.ZodError, path: readonly PropertyKey[]): PolicyError {
  const issue = deepest(error.issues);
  const keys = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const key = [...path, ...(issue?.path ?? []), ...keys].map(String).join('.');
  const what = keys.length > 0 ? 'there is no such key' : (issue?.message ?? 'not as it should be');
  return new PolicyError(key, `the policy is wrong at ${key}: ${what}`);
}

/** A union says little: what is wrong with the settings says more than that they switch nothing off. */
function deepest(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue | undefined {
  const [issue] = issues;
  if (issue?.code !== 'invalid_union') return issue;
  const inner = deepest(issue.errors[0] ?? []);
  return inner === undefined ? issue : { ...inner, path: [...issue.path, ...inner.path] };
}
