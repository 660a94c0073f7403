import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { SlipwayConfig } from '../config/schema';
import { backupEvidence } from '../deploy/database/ledger-backup-evidence';
import type { BackupEvidence } from '../gates/backup';
import { errorCode } from '../io/error-code';
import type { StoredEvent } from '../ledger/events';
import { succeeded } from '../ledger/outcome-kinds';
import { readBackupReport } from '../reports/backup';
import { ReportError } from '../reports/report';

/** A report of a backup has some hundred bytes. */
const MAX_BYTES = 64 * 1024;

/**
 * What is known of the backups of each environment that asks for one: by the report of a job, else by the ledger. What is wrong with
 * a report is told in its place.
 * @param read events of an environment.
 */
export async function readBackups(
  root: string,
  environments: SlipwayConfig['environments'],
  read: (environment: string) => Promise<readonly StoredEvent[]>,
): Promise<ReadonlyMap<string, BackupEvidence>> {
  const found = new Map<string, BackupEvidence>();
  for (const [name, { requires }] of Object.entries(environments)) {
    if (requires.backup === undefined) continue;
    const { report } = requires.backup;
    found.set(name, report === undefined ? recordedBackup(name, await read(name)) : await readOne(root, report));
  }
  return found;
}

/** The newest backup that Slipway took of an environment and restored as a proof. One that nobody restored says nothing. Pure. */
export function recordedBackup(environment: string, events: readonly StoredEvent[]): BackupEvidence {
  let untried = false;
  for (const { body } of [...events].reverse()) {
    if (body.kind !== 'step.outcome' || body.step !== 'backup' || body.backup === undefined) continue;
    if (!succeeded(body.outcome)) continue;
    if (body.backup.proven === true) return backupEvidence(environment, body.backup);
    untried = true;
  }
  const problem = untried
    ? `the ledger tells of backups of ${environment}, but none of them was restored as a proof`
    : `the ledger tells of no backup of ${environment}`;
  return { problem };
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
