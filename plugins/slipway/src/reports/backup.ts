import { z } from 'zod';
import { prepare } from './input';
import { parseShape } from './json';
import { ReportError } from './report';

/**
 * What a backup job leaves about its latest backup, as JSON. Slipway makes no backups; it only refuses to deploy where nobody can show
 * one that is recent and was restored.
 */
export interface BackupReport {
  /** Name in the configuration. */
  readonly environment: string;
  /** ISO 8601, UTC. */
  readonly takenAt: string;
  /** Hex, of the backup itself. */
  readonly sha256: string;
  readonly bytes: number;
  readonly tool: string;
  readonly toolVersion: string | null;
  /** The latest try to restore a backup, also of an older one; null where nobody tried. */
  readonly restore: BackupRestore | null;
}

export interface BackupRestore {
  /** Hex, of the backup that was restored. */
  readonly sha256: string;
  /** ISO 8601, UTC. */
  readonly restoredAt: string;
  readonly restored: boolean;
}

const instant = z.iso.datetime({
  offset: true,
  error: 'not a date and time with a zone, such as 2026-11-22T09:30:00Z',
});
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'not a SHA-256 as 64 lower-case hex digits');
const shape = z.strictObject({
  slipwayBackup: z.literal(1, 'not version 1 of the format'),
  environment: z.string().min(1),
  takenAt: instant,
  sha256,
  bytes: z.number().int().min(1, 'a backup without content'),
  tool: z.string().min(1),
  toolVersion: z.string().min(1).nullish(),
  restore: z.strictObject({ sha256, restoredAt: instant, restored: z.boolean() }).nullish(),
});

/** @throws {ReportError} unless it is whole, of this format, and agrees with itself. */
export function readBackupReport(content: string | Uint8Array): BackupReport {
  const input = prepare(content);
  if (input.syntax !== 'json') throw new ReportError('unsupported', 'no JSON, so no report of a backup');
  const { takenAt, toolVersion, restore, ...rest } = parseShape(shape, input.value, 'a report of a backup');
  const taken = new Date(takenAt).toISOString();
  const restoredAt = restore == null ? null : new Date(restore.restoredAt).toISOString();
  if (restore?.sha256 === rest.sha256 && restoredAt !== null && restoredAt < taken) {
    throw new ReportError('contradictory', `it was restored at ${restoredAt}, before it was taken at ${taken}`);
  }
  return {
    environment: rest.environment,
    takenAt: taken,
    sha256: rest.sha256,
    bytes: rest.bytes,
    tool: rest.tool,
    toolVersion: toolVersion ?? null,
    restore:
      restore == null || restoredAt === null
        ? null
        : { sha256: restore.sha256, restoredAt, restored: restore.restored },
  };
}
