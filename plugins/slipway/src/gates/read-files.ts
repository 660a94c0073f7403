import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { ProjectCheckId } from '../config/gates/gates';
import { readReport, ReportError, type CoverageReport, type Origin, type Report, type ReportFormat } from '../reports';
import type { UnreadableReport } from './check';

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
  /** ISO 8601, UTC: until when it may be relied on; null where nothing says so. */
  readonly validUntil: string | null;
}

export type ReadFile = { readonly wanted: readonly ProjectCheckId[]; readonly path: string } & (
  | { readonly report: Report; readonly judged: JudgedReport }
  | UnreadableReport
  /** No report of a known format, and nobody said it were one. */
  | { readonly passedOver: string }
);

export interface ReadOptions {
  /** Absolute path of the project's root: coverage files are named relative to it. */
  readonly directory: string;
  /** The day of judgement, YYYY-MM-DD in UTC. */
  readonly asOf: string;
  /** Milliseconds for which an audit counts that does not say so itself; null where whoever asks looks at its age. */
  readonly auditValidFor: number | null;
}

/** Reads what was found. Whatever is wrong with a file is told in its place; nothing is thrown for it. */
export function readFiles(files: readonly ReportFile[], options: ReadOptions): readonly ReadFile[] {
  return files.map((file) => readFile(file, options));
}

function readFile(file: ReportFile, { directory, asOf, auditValidFor }: ReadOptions): ReadFile {
  const { path, wanted } = file;
  if ('error' in file) return { wanted, path, reason: file.error };
  try {
    const { format, report } = readReport('auto', file.content);
    const sha256 = createHash('sha256').update(file.content).digest('hex');
    const validUntil = validUntilOf(report, auditValidFor);
    if (validUntil !== null && validUntil < `${asOf}T00:00:00.000Z`)
      return { wanted, path, reason: `it counted until ${validUntil}, and this is ${asOf}: make it again` };
    return {
      wanted,
      path,
      report: report.kind === 'coverage' ? relativeTo(report, directory) : report,
      judged: { path, sha256, format, origin: report.origin ?? null, validUntil },
    };
  } catch (error) {
    if (!(error instanceof ReportError)) throw error;
    if (error.problem === 'unsupported' && !file.named) return { wanted, path, passedOver: error.message };
    return { wanted, path, reason: error.message };
  }
}

/** New advisories come out every day, so an audit ages although nothing else changes. */
function validUntilOf({ kind, origin }: Report, auditValidFor: number | null): string | null {
  if (origin === undefined) return null;
  if (origin.validUntil !== null) return new Date(origin.validUntil).toISOString();
  if (kind !== 'security' || origin.measuredAt === null || auditValidFor === null) return null;
  return new Date(Date.parse(origin.measuredAt) + auditValidFor).toISOString();
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
