import type { BackupReport } from '../reports/backup';
import { inconclusive, type CheckResult } from './check';
import { ago, HOUR, isAhead } from './moments';

const CHECK = 'backup';

/** What a backup job left, or why it can't be relied on. */
export type BackupEvidence = { readonly report: BackupReport } | { readonly problem: string };

export interface BackupDemand {
  /** Name in the configuration. */
  readonly environment: string;
  /** Milliseconds. */
  readonly maxAge: number;
  readonly now: Date;
}

/** Whether there is a recent backup of an environment that is known to be restorable: because that very backup was restored. Pure. */
export function judgeBackup(evidence: BackupEvidence, { environment, maxAge, now }: BackupDemand): CheckResult {
  const limit = maxAge / HOUR;
  const unclear = (reason: string): CheckResult => inconclusive(CHECK, limit, reason, 'hours');
  if ('problem' in evidence) return unclear(evidence.problem);
  const { takenAt, restore, sha256, environment: of } = evidence.report;
  if (of !== environment) return unclear(`the report is about a backup of ${of}, not of ${environment}`);
  if (isAhead(takenAt, now) || (restore !== null && isAhead(restore.restoredAt, now)))
    return unclear('the report is dated in the future');
  const age = Math.max(0, now.getTime() - Date.parse(takenAt));
  const judged = (verdict: 'pass' | 'fail', reason: string): CheckResult => {
    return { check: CHECK, verdict, reason, measured: age / HOUR, limit, unit: 'hours', findings: [] };
  };
  const told = `the latest backup of ${environment} was taken ${ago(takenAt, now)}`;
  if (age > maxAge) return judged('fail', `${told}; at most ${limit} h are asked for`);
  if (restore === null) return unclear(`${told}, and nobody tried to restore it`);
  if (restore.sha256 !== sha256) return unclear(`${told}, and nobody tried to restore it, only another one`);
  if (!restore.restored) return judged('fail', `${told}, and could not be restored`);
  return judged('pass', `${told}, and was restored ${ago(restore.restoredAt, now)}`);
}
