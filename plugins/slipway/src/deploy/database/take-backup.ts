import { errorCode } from '../../io/error-code';
import type { BackupRecord } from '../../ledger/events';
import type { BackupContext } from './backup-context';
import { isBackupId, type BackupFiles, type BackupNote } from './backup-files';
import { DatabaseError, type Backups, type GuardedOptions } from './database';

/** What dumps, proves and restores; the files are not its concern. */
export interface BackupTool {
  /** @returns rows by table as of the moment that the dump shows; null where nobody counted. */
  dump(sink: (chunk: Buffer) => void): Promise<BackupNote['rows']>;
  /**
   * Restores the file somewhere else and checks it. Null where that is not asked for.
   * @throws {DatabaseError} where it can't be restored.
   */
  prove(path: string, rows: BackupNote['rows'], options: GuardedOptions): Promise<true | null>;
  restore(path: string, rows: BackupNote['rows'], options: GuardedOptions): Promise<void>;
  estimate(): Promise<number | null>;
}

/** Backups as files on this host, made and restored by a tool. */
export function createBackups(context: BackupContext, files: BackupFiles, tool: BackupTool, prove: boolean): Backups {
  const { world, environment, keep, retry } = context;

  async function dump(id: string, guard: () => Promise<void>): Promise<BackupRecord> {
    const takenAt = world.clock.now().toISOString();
    const draft = await files.draft(id);
    try {
      const rows = await tool.dump((chunk) => draft.write(chunk));
      const { sha256, bytes } = draft.finish();
      if (bytes === 0)
        throw new DatabaseError(
          `the backup of ${environment} is empty`,
          `see what the dump says, then: ${retry}`,
          false,
        );
      const proven = await tool.prove(draft.path, rows, { guard });
      await guard();
      const record: BackupRecord = { id, sha256, bytes, takenAt, proven };
      await files.keep(draft, { ...record, rows });
      return record;
    } finally {
      // Gone already where it was kept.
      await draft.discard();
    }
  }

  return {
    async take(id, { guard, needed }) {
      if (!isBackupId(id)) throw new TypeError(`${JSON.stringify(id)} is no id of a backup`);
      return withoutDiskErrors(context, async () => {
        await guard();
        await files.sweep();
        const before = await files.find(id);
        if (before !== null && (before.proven === true || !prove)) return recordOf(before);
        const record = await dump(id, guard);
        await files.prune(keep, new Set([...needed, id]));
        return record;
      });
    },
    list: async () => withoutDiskErrors(context, async () => (await files.list()).map(recordOf)),
    async restore(backup, { guard }) {
      const found = await withoutDiskErrors(context, () => files.find(backup.id));
      if (found === null || found.sha256 !== backup.sha256)
        throw new DatabaseError(
          `the backup ${backup.id} of ${environment} is not on this host, or is not any more what was taken (SHA-256 ${backup.sha256.slice(0, 12)}…)`,
          'bring that very file back, or choose another backup',
          false,
        );
      await tool.restore(found.path, found.rows, { guard });
    },
    estimate: () => tool.estimate(),
  };
}

function recordOf({ id, sha256, bytes, takenAt, proven }: BackupNote): BackupRecord {
  return { id, sha256, bytes, takenAt, proven };
}

/** Tells what this host's disk refused as what it is to a deployment. */
async function withoutDiskErrors<T>({ environment, retry }: BackupContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = errorCode(error);
    const known = code === null ? undefined : DISK_ERRORS[code];
    if (known === undefined || error instanceof DatabaseError) throw error;
    throw new DatabaseError(
      `the backup of ${environment} could not be written or read on this host: ${known} (${code})`,
      `make room in, or correct, .slipway/deploy/${environment}/backups, then: ${retry}`,
      false,
    );
  }
}

const DISK_ERRORS: Readonly<Record<string, string>> = {
  ENOSPC: 'its disk is full',
  EDQUOT: 'the quota of its disk is used up',
  EFBIG: 'the file is too large for its disk',
  EROFS: 'its disk is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EIO: 'its disk fails',
};
