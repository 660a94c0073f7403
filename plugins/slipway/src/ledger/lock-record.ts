import { z } from 'zod';
import { oneLine } from './event-subject';
import { LedgerError, type LockInfo } from './ledger';
import type { ProcessIdentity } from './process-identity';

/** A lock's ref points to one commit without parents, replaced at each beat; its message holds this. A freed lock stays, marked free. */
export type LockRecord = HeldRecord | FreeRecord;

export interface FreeRecord {
  readonly v: 1;
  readonly state: 'free';
  readonly environment: string;
  readonly token: string;
  /** The last event of the environment's stream when it was freed; null: there was none. Absent in what Slipway before 0.2 wrote. */
  readonly head?: string | null;
}

export interface HeldRecord {
  readonly v: 1;
  readonly state: 'held';
  readonly environment: string;
  /** Random, one per acquisition: by which its holder knows it again. */
  readonly token: string;
  /** Counts renewals. */
  readonly beat: number;
  readonly holder: string;
  readonly process: ProcessIdentity;
  readonly reason: string;
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly expires: string;
  /** Milliseconds that it lasts without a beat. Absent in what Slipway before 0.2 wrote, as is the next. */
  readonly ttl?: number;
  /** The holder's uptime at this beat, in milliseconds. */
  readonly uptime?: number;
}

const text = z.string();
const schema = z.discriminatedUnion('state', [
  z.object({
    v: z.literal(1),
    state: z.literal('free'),
    environment: text,
    token: text,
    head: text.nullable().optional(),
  }),
  z.object({
    v: z.literal(1),
    state: z.literal('held'),
    environment: text,
    token: text,
    beat: z.number(),
    holder: text,
    process: z.object({
      host: text,
      pid: z.number(),
      started: text.nullable(),
      boot: text.nullable(),
      namespace: text.nullable(),
    }),
    reason: text,
    version: text,
    since: z.iso.datetime(),
    expires: z.iso.datetime(),
    ttl: z.number().positive().optional(),
    uptime: z.number().optional(),
  }),
]);

export function encodeLock(record: LockRecord): string {
  const subject =
    record.state === 'free'
      ? `lock ${record.environment}: free`
      : `lock ${record.environment}: held by ${record.holder} for ${record.reason}`;
  return `${oneLine(subject)}\n\n${JSON.stringify(record, null, 2)}\n`;
}

/** @throws {LedgerError} naming the commit, when it holds no lock: it is then neither free nor to be taken over. */
export function decodeLock(commit: string, message: string): LockRecord {
  try {
    return schema.parse(JSON.parse(message.slice(message.indexOf('\n\n') + 2)));
  } catch (error) {
    const problem = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new LedgerError(
      `the lock in commit ${commit} can't be read: ${problem}`,
      'it was not written by Slipway, or by a newer one: upgrade nx-slipway, or ask whoever wrote it',
    );
  }
}

export function lockInfo(record: HeldRecord): LockInfo {
  const { environment, holder, reason, since, expires } = record;
  return { environment, holder, host: record.process.host, pid: record.process.pid, reason, since, expires };
}

/** The holder, as `lock.taken` names whom a lock was taken from. */
export function describeHolder({ holder, process, reason }: HeldRecord): string {
  return `${holder} (process ${process.pid} on ${process.host}, for ${reason})`;
}
