import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { reportReaders, type ReportFormat } from '../reports/registry';
import type { ProjectVerdict } from './judge';
import { verdictPath } from './paths';
import { worstVerdict } from './verdict';

export { verdictPath } from './paths';

const verdict = z.enum(['pass', 'fail', 'waived', 'inconclusive', 'notApplicable']);
const percent = z.number().min(0).max(100);
const notApplicable = z.object({ notApplicable: z.string() });
const formats = reportReaders.map(({ format }) => format) as [ReportFormat, ...ReportFormat[]];

const verdictSchema = z
  .object({
    v: z.literal(1),
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
          findings: z.array(
            z.object({
              title: z.string(),
              file: z.string().exactOptional(),
              line: z.number().int().exactOptional(),
              detail: z.string().exactOptional(),
            }),
          ),
        }),
      )
      .min(1),
    reports: z.array(
      z.object({ path: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/), format: z.enum(formats) }),
    ),
    policy: z.object({
      tests: z.union([z.object({ passRate: percent }), notApplicable]),
      coverage: z.union([z.object({ lines: percent }), notApplicable]),
    }),
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

/** Writes beside and renames, so that a reader never meets half a verdict. @returns the path relative to the workspace */
export async function writeVerdict(root: string, value: ProjectVerdict): Promise<string> {
  const path = verdictPath(value.project);
  const target = join(root, path);
  const draft = `${target}.${randomUUID()}.tmp`;
  await mkdir(dirname(target), { recursive: true });
  try {
    await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`);
    await rename(draft, target);
  } finally {
    await rm(draft, { force: true });
  }
  return path;
}

/** @throws {VerdictError} */
export async function readVerdict(root: string, project: string): Promise<ProjectVerdict> {
  const path = verdictPath(project);
  let text: string;
  try {
    text = await readFile(join(root, path), 'utf8');
  } catch (error) {
    if (isMissing(error)) {
      throw new VerdictError(
        'missing',
        project,
        `${project} has no verdict (${path}); make it with: nx run ${project}:release-gate`,
      );
    }
    throw error;
  }
  const parsed = verdictSchema.safeParse(parse(text));
  if (!parsed.success) throw malformed(project, path, parsed.error.issues[0]);
  if (parsed.data.project !== project) {
    throw new VerdictError('malformed', project, `${path} holds the verdict of ${parsed.data.project}`);
  }
  return parsed.data;
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function malformed(project: string, path: string, issue: z.core.$ZodIssue | undefined): VerdictError {
  const place = issue?.path.length ? ` at ${issue.path.join('.')}` : '';
  return new VerdictError(
    'malformed',
    project,
    `${path} is not a verdict${place}; make it again with: nx run ${project}:release-gate --skip-nx-cache`,
  );
}
