import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { milliseconds } from '../deploy/duration';
import type { Clock } from '../io/world';
import { writeAtomically } from '../io/write-atomically';
import type { OwnOrigin } from '../reports/origin';

/** The tool behind a report. */
export interface ReportTool {
  readonly tool: string;
  readonly toolVersion?: string | null;
  /** What its findings come from: the advisory service that was asked. */
  readonly database?: string | null;
}

/**
 * A report with the producer's own word on when and by what it was made.
 * @param validFor duration such as `24h`, after which nobody may rely on it
 */
export function withOrigin(
  report: object,
  tool: ReportTool,
  clock: Pick<Clock, 'now'>,
  validFor?: string,
): Record<string, unknown> {
  const now = clock.now();
  const slipway: OwnOrigin = {
    measuredAt: now.toISOString(),
    ...(validFor === undefined ? {} : { validUntil: new Date(now.getTime() + milliseconds(validFor)).toISOString() }),
    ...tool,
  };
  return { slipway, ...report };
}

/**
 * Writes beside and renames, so that nobody meets half a report.
 * @param path relative to the workspace
 */
export async function writeReport(root: string, path: string, report: object): Promise<string> {
  await writeAtomically(join(root, path), `${JSON.stringify(report, null, 2)}\n`);
  return path;
}

/** Takes an earlier report away, so that it is not taken for one of this run. */
export async function removeReport(root: string, path: string): Promise<void> {
  await rm(join(root, path), { force: true });
}
