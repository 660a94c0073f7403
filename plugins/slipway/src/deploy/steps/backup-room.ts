import { statfs } from 'node:fs/promises';
import type { Refusal } from '../../ledger/outcome';
import { DatabaseError, type Backups, type Database, type MigrationPlan } from '../database/database';

/** Whether a deployment with these migrations begins with a backup. */
export function takesBackup(
  database: Database | null,
  { migrations, isNew }: { readonly migrations: MigrationPlan | null; readonly isNew: boolean },
): boolean {
  if (database === null || database.backups === null || isNew) return false;
  return database.when === 'always' || (migrations !== null && migrations.steps.length > 0);
}

/** Refuses where this host has no room for the backup that a deployment begins with. Touches nothing. */
export async function backupRefusals(root: string, backups: Backups | null): Promise<readonly Refusal[]> {
  if (backups === null) return [];
  let needed: number | null;
  try {
    needed = await backups.estimate();
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return [{ id: 'backup', reason: error.message, remedy: error.remedy }];
  }
  if (needed === null) return [];
  const { bavail, bsize } = await statfs(root);
  const free = bavail * bsize;
  if (free >= needed) return [];
  return [
    {
      id: 'backupDisk',
      reason: `a backup may need ${mebibytes(needed)} MiB, and the disk of this host has ${mebibytes(free)} MiB left`,
      remedy: 'make room, or keep fewer backups (environments.<name>.database.backup.keep), then try again',
    },
  ];
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 1024 / 1024);
}
