import type { BackupReport } from '../reports/backup';
import { judgeBackup, type BackupEvidence } from './backup';

const HOUR = 3_600_000;
const NOW = new Date('2026-11-22T12:00:00Z');
const A = 'a'.repeat(64);
const at = (hours: number): string => new Date(NOW.getTime() + hours * HOUR).toISOString();

const restore = { sha256: A, restoredAt: at(-1), restored: true };
const report = (change: Partial<BackupReport> = {}): BackupEvidence => ({
  report: {
    environment: 'prod',
    takenAt: at(-3),
    sha256: A,
    bytes: 10,
    tool: 'pg_dump',
    toolVersion: '17',
    restore,
    ...change,
  },
});

describe('the backup of an environment', () => {
  it.each<[string, BackupEvidence, string, string, number | null]>([
    [
      'recent and restored',
      report(),
      'pass',
      'the latest backup of prod was taken 3 h ago, and was restored 1 h ago',
      3,
    ],
    [
      'as old as it may be',
      report({ takenAt: at(-24) }),
      'pass',
      'the latest backup of prod was taken 24 h ago, and was restored 1 h ago',
      24,
    ],
    [
      'too old',
      report({ takenAt: at(-24.5) }),
      'fail',
      'the latest backup of prod was taken 24 h ago; at most 24 h are asked for',
      24.5,
    ],
    [
      'never restored',
      report({ restore: null }),
      'inconclusive',
      'the latest backup of prod was taken 3 h ago, and nobody tried to restore it',
      null,
    ],
    [
      'restored as another one',
      report({ restore: { ...restore, sha256: 'b'.repeat(64) } }),
      'inconclusive',
      'the latest backup of prod was taken 3 h ago, and nobody tried to restore it, only another one',
      null,
    ],
    [
      'not restorable',
      report({ restore: { ...restore, restored: false } }),
      'fail',
      'the latest backup of prod was taken 3 h ago, and could not be restored',
      3,
    ],
    [
      "another environment's",
      report({ environment: 'staging' }),
      'inconclusive',
      'the report is about a backup of staging, not of prod',
      null,
    ],
    [
      'from the future',
      report({ takenAt: at(1), restore: null }),
      'inconclusive',
      'the report is dated in the future',
      null,
    ],
    [
      'restored in the future',
      report({ restore: { ...restore, restoredAt: at(1) } }),
      'inconclusive',
      'the report is dated in the future',
      null,
    ],
    [
      'without a report',
      { problem: "the report of the backup can't be read: ENOENT" },
      'inconclusive',
      "the report of the backup can't be read: ENOENT",
      null,
    ],
  ])('%s', (_, evidence, verdict, reason, measured) => {
    expect(judgeBackup(evidence, { environment: 'prod', maxAge: 24 * HOUR, now: NOW })).toEqual({
      check: 'backup',
      verdict,
      reason,
      measured,
      limit: 24,
      unit: 'hours',
      findings: [],
    });
  });
});
