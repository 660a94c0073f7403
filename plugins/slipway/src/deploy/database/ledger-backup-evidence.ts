import type { BackupEvidence } from '../../gates/backup';
import type { BackupRecord } from '../../ledger/events';

/** What a backup that Slipway took itself shows to whoever asks for a recent one that was restored. Pure. */
export function backupEvidence(environment: string, { sha256, bytes, takenAt, proven }: BackupRecord): BackupEvidence {
  return {
    report: {
      environment,
      takenAt,
      sha256,
      bytes,
      tool: 'slipway',
      toolVersion: null,
      // Proven right after it was taken, before it was recorded.
      restore: proven === null ? null : { sha256, restoredAt: takenAt, restored: proven },
    },
  };
}
