import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fsyncSync, openSync, writeSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCode } from '../../io/error-code';
import type { BackupRecord } from '../../ledger/events';

/** What is known of a backup on this host; only the {@link BackupRecord} in it goes into the ledger. */
export interface BackupNote extends BackupRecord {
  /** Rows by table, as of the moment that the backup shows; null where nobody counted. */
  readonly rows: Readonly<Record<string, number>> | null;
}

const note = z.strictObject({
  slipwayBackupFile: z.literal(1),
  id: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().min(1),
  takenAt: z.iso.datetime(),
  proven: z.boolean().nullable(),
  rows: z.record(z.string(), z.number().int().min(0)).nullable(),
});

/** Ids become names of files. */
const ID = /^[A-Za-z0-9][\w.+-]{0,199}$/;
const DUMP = '.dump';
const NOTE = '.json';
/** While it is written; whatever ends so afterwards was cut off. */
const PARTIAL = '.partial';

/** A backup that is being written. */
export interface Draft {
  readonly path: string;
  /** Writes at once, so that a full disk is noticed, and whatever dumps waits for the disk. */
  write(chunk: Buffer): void;
  /** Everything is on the disk; of what there is, these are the figures. */
  finish(): { readonly sha256: string; readonly bytes: number };
  /** Leaves nothing behind. */
  discard(): Promise<void>;
}

/** The backups of one environment on this host: `.slipway/deploy/<environment>/backups/`, files of mode 0600. */
export interface BackupFiles {
  /** Removes what an earlier run was cut off with. */
  sweep(): Promise<void>;
  draft(id: string): Promise<Draft>;
  /** Puts a finished draft among the backups. */
  keep(draft: Draft, note: BackupNote): Promise<void>;
  /** Null where it is not there, or not what it was when it was taken. */
  find(id: string): Promise<(BackupNote & { readonly path: string }) | null>;
  /** Those whose checksum still holds, newest first. */
  list(): Promise<readonly BackupNote[]>;
  /** Leaves the newest `keep`, and those that are needed. */
  prune(keep: number, needed: ReadonlySet<string>): Promise<void>;
}

export function isBackupId(id: string): boolean {
  return ID.test(id) && !id.endsWith(PARTIAL);
}

export function createBackupFiles(root: string, environment: string): BackupFiles {
  const folder = join(root, '.slipway', 'deploy', environment, 'backups');
  const pathOf = (id: string, suffix: string): string => {
    if (!isBackupId(id)) throw new TypeError(`${JSON.stringify(id)} is no id of a backup`);
    return join(folder, `${id}${suffix}`);
  };

  async function names(): Promise<readonly string[]> {
    try {
      return await readdir(folder);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return [];
      throw error;
    }
  }

  async function ids(): Promise<readonly string[]> {
    return (await names())
      .filter((name) => name.endsWith(NOTE))
      .map((name) => name.slice(0, -NOTE.length))
      .filter(isBackupId);
  }

  async function readNote(id: string): Promise<BackupNote | null> {
    try {
      const parsed = note.safeParse(JSON.parse(await readFile(pathOf(id, NOTE), 'utf8')));
      return parsed.success && parsed.data.id === id ? parsed.data : null;
    } catch (error) {
      if (errorCode(error) === 'ENOENT' || (error as { name?: unknown }).name === 'SyntaxError') return null;
      throw error;
    }
  }

  async function find(id: string) {
    const known = await readNote(id);
    const path = pathOf(id, DUMP);
    return known !== null && (await checksum(path)) === known.sha256 ? { ...known, path } : null;
  }

  const remove = async (id: string): Promise<void> => {
    // The note goes last: a file without one is nobody's backup, and goes with the next sweep.
    await rm(pathOf(id, DUMP), { force: true });
    await rm(pathOf(id, NOTE), { force: true });
  };

  return {
    find,
    async sweep() {
      const all = await names();
      const left = all.filter(
        (name) =>
          name.endsWith(PARTIAL) || (name.endsWith(DUMP) && !all.includes(`${name.slice(0, -DUMP.length)}${NOTE}`)),
      );
      for (const name of left) await rm(join(folder, name), { force: true });
    },
    async draft(id) {
      const path = `${pathOf(id, DUMP)}${PARTIAL}`;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await rm(path, { force: true });
      return openDraft(path);
    },
    async keep(draft, kept) {
      await rename(draft.path, pathOf(kept.id, DUMP));
      const { id, sha256, bytes, takenAt, proven, rows } = kept;
      const text = JSON.stringify({ slipwayBackupFile: 1, id, sha256, bytes, takenAt, proven, rows }, null, 2);
      const beside = `${pathOf(id, NOTE)}${PARTIAL}`;
      await writeFile(beside, `${text}\n`, { mode: 0o600 });
      await rename(beside, pathOf(id, NOTE));
    },
    async list() {
      const found = await Promise.all((await ids()).map(find));
      return newestFirst(found.filter((one) => one !== null));
    },
    async prune(keep, needed) {
      const known = await Promise.all((await ids()).map(readNote));
      const old = newestFirst(known.filter((one) => one !== null)).slice(keep);
      for (const { id } of old) if (!needed.has(id)) await remove(id);
    },
  };
}

function newestFirst<T extends BackupNote>(notes: readonly T[]): readonly T[] {
  return [...notes].sort((a, b) => Date.parse(b.takenAt) - Date.parse(a.takenAt));
}

async function openDraft(path: string): Promise<Draft> {
  const file = openSync(path, 'wx', 0o600);
  await chmod(path, 0o600);
  const hash = createHash('sha256');
  let bytes = 0;
  let open = true;
  const close = (): void => {
    if (open) closeSync(file);
    open = false;
  };
  return {
    path,
    write(chunk) {
      let offset = 0;
      while (offset < chunk.length) offset += writeSync(file, chunk, offset);
      hash.update(chunk);
      bytes += chunk.length;
    },
    finish() {
      fsyncSync(file);
      close();
      return { sha256: hash.digest('hex'), bytes };
    },
    async discard() {
      close();
      await rm(path, { force: true });
    },
  };
}

/** SHA-256 of a file, hexadecimal; null where there is none. */
async function checksum(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  return hash.digest('hex');
}
