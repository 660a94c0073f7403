import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { SlipwayConfig } from '../config/schema';
import type { BackupEvidence } from '../gates/backup';
import { errorCode } from '../io/error-code';
import { readBackupReport } from '../reports/backup';
import { ReportError } from '../reports/report';

/** A report of a backup has some hundred bytes. */
const MAX_BYTES = 64 * 1024;

/** What is known of the backups of each environment that asks for one. What is wrong with a report is told in its place. */
export async function readBackups(
  root: string,
  environments: SlipwayConfig['environments'],
): Promise<ReadonlyMap<string, BackupEvidence>> {
  const found = new Map<string, BackupEvidence>();
  for (const [name, { requires }] of Object.entries(environments)) {
    if (requires.backup !== undefined) found.set(name, await readOne(root, requires.backup.report));
  }
  return found;
}

async function readOne(root: string, path: string): Promise<BackupEvidence> {
  try {
    const file = await open(resolve(root, path));
    try {
      if ((await file.stat()).size > MAX_BYTES) return { problem: `${path} is too large to be a report of a backup` };
      return { report: readBackupReport(await file.readFile()) };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof ReportError) return { problem: `${path} can't be relied on: ${error.message}` };
    const code = errorCode(error);
    if (code === null) throw error;
    return { problem: code === 'ENOENT' ? `${path} does not exist` : `${path} can't be read (${code})` };
  }
}
