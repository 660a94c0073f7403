import { dirname, join } from 'node:path';
import { z } from 'zod';
import { gates } from '../config/gates/gates';
import { jsonOrNull } from '../io/json-or-null';
import { readTextIfThere } from '../io/read-if-there';
import { writeAtomically } from '../io/write-atomically';
import { reportReaders, type ReportFormat } from '../reports/registry';
import { SEVERITIES } from '../reports/report';
import type { ProjectVerdict } from './judge';
import { verdictPath } from './paths';
import { worstVerdict } from './verdict';

export { verdictPath } from './paths';

const verdict = z.enum(['pass', 'fail', 'waived', 'inconclusive', 'notApplicable']);
/** What the configuration's own schema lets through: a verdict of another policy is found by comparing them. */
const notApplicable = z.strictObject({ notApplicable: z.string() });
const { tests, coverage, security, performance, accessibility, documentation, migrations } = gates.shape;
const policySchema = z.strictObject({
  tests: z.union([tests, notApplicable]),
  coverage: z.union([coverage, notApplicable]),
  security: z.union([security, notApplicable]),
  performance: z.union([performance, notApplicable]),
  accessibility: z.union([accessibility, notApplicable]),
  documentation: z.union([documentation, notApplicable]),
  migrations: z.union([migrations, notApplicable]),
});
const origin = z.object({
  measuredAt: z.string().nullable(),
  validUntil: z.string().nullable(),
  tool: z.string().nullable(),
  toolVersion: z.string().nullable(),
  database: z.string().nullable(),
});
const formats = reportReaders.map(({ format }) => format) as [ReportFormat, ...ReportFormat[]];

const verdictSchema = z
  .object({
    v: z.literal(2),
    project: z.string().min(1),
    verdict,
    reason: z.string(),
    checks: z
      .array(
        z.object({
          check: z.string().min(1),
          verdict,
          reason: z.string(),
          measured: z.number().nullable(),
          limit: z.number().nullable(),
          unit: z.enum(['percent', 'milliseconds', 'count', 'hours']),
          findings: z.array(
            z.object({
              title: z.string(),
              file: z.string().exactOptional(),
              line: z.number().int().exactOptional(),
              detail: z.string().exactOptional(),
              severity: z.enum(SEVERITIES).exactOptional(),
              fix: z.string().exactOptional(),
              fingerprint: z.string().exactOptional(),
              waived: z.object({ approver: z.string(), expiry: z.string(), reason: z.string() }).exactOptional(),
            }),
          ),
          warnings: z.array(z.string()).exactOptional(),
          blocking: z.number().int().exactOptional(),
          unsettled: z.string().exactOptional(),
        }),
      )
      .min(1),
    reports: z.array(
      z.object({
        path: z.string(),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        format: z.enum(formats),
        origin: origin.nullable(),
        validUntil: z.iso.datetime().nullable(),
      }),
    ),
    policy: policySchema,
    asOf: z.iso.date(),
    validUntil: z.iso.datetime().nullable(),
    waivers: z.array(
      z.object({
        check: z.string(),
        fingerprint: z.string(),
        owner: z.string(),
        approver: z.string(),
        reason: z.string(),
        expiry: z.iso.date(),
      }),
    ),
    warnings: z.array(z.string()),
    subject: z.string().regex(/^[0-9a-f]{64}$/),
    tool: z.object({ name: z.string().min(1), version: z.string().min(1) }),
  })
  .refine(
    (value) => value.verdict === worstVerdict(value.checks.map((check) => check.verdict)),
    'the verdict is not that of its checks',
  );

/** Why there is no verdict to go on: none was written (`missing`), or what lies there is none (`malformed`). */
export class VerdictError extends Error {
  override readonly name = 'VerdictError';
  constructor(
    readonly problem: 'missing' | 'malformed',
    readonly project: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Writes a verdict, each file beside its place and then renamed, so that a reader never meets half of one.
 * @param beside further files of its folder, by name
 * @returns the verdict's path relative to the workspace
 */
export async function writeVerdict(
  root: string,
  value: ProjectVerdict,
  beside: Readonly<Record<string, string>> = {},
): Promise<string> {
  const path = verdictPath(value.project);
  const folder = dirname(join(root, path));
  await Promise.all(Object.entries(beside).map(([name, content]) => writeAtomically(join(folder, name), content)));
  await writeAtomically(join(root, path), `${JSON.stringify(value, null, 2)}\n`);
  return path;
}

/** @throws {VerdictError} */
export async function readVerdict(root: string, project: string): Promise<ProjectVerdict> {
  const path = verdictPath(project);
  const text = await readTextIfThere(join(root, path));
  if (text === null) {
    throw new VerdictError(
      'missing',
      project,
      `${project} has no verdict (${path}); make it with: nx run ${project}:release-gate`,
    );
  }
  const parsed = verdictSchema.safeParse(jsonOrNull(text));
  if (!parsed.success) throw malformed(project, path, parsed.error.issues[0]);
  if (parsed.data.project !== project) {
    throw new VerdictError('malformed', project, `${path} holds the verdict of ${parsed.data.project}`);
  }
  return parsed.data;
}

function malformed(project: string, path: string, issue: z.core.$ZodIssue | undefined): VerdictError {
  const place = issue?.path.length ? ` at ${issue.path.join('.')}` : '';
  return new VerdictError(
    'malformed',
    project,
    `${path} is not a verdict${place}; make it again with: nx run ${project}:release-gate --skip-nx-cache`,
  );
}
