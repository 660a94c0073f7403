import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { tool } from '../config/tool';

/** Text of a file by its workspace path; null where there is none. */
export type ReadText = (path: string) => string | null;

export interface NodeCache {
  /**
   * The value kept for these contents, else `compute`'s, which is then kept.
   * @param compute may read further files, which the contents must tell: as long as those too are the same, the value is kept.
   */
  through<T>(contents: ReadonlyMap<string, string>, options: unknown, compute: (read: ReadText) => T): T;
}

interface Entry {
  readonly key: unknown;
  readonly value: unknown;
  /** Hashes of the further files by path; null for one that is not there. */
  readonly reads: Readonly<Record<string, string | null>>;
}

/**
 * Inferred nodes by the hash of manifests, options and plugin version, beside Nx's own workspace data.
 * One entry: the workspace as it is. A lost or broken file only costs the inference.
 */
export function nodeCache(workspaceRoot: string): NodeCache {
  const directory = resolve(workspaceRoot, process.env['NX_WORKSPACE_DATA_DIRECTORY'] ?? join('.nx', 'workspace-data'));
  const file = join(directory, 'slipway-nodes.json');
  return {
    through(contents, options, compute) {
      // As one text: hashing a thousand small ones costs many times as much.
      const parts = [JSON.stringify([tool().version, options])];
      for (const [path, content] of contents) parts.push(path, content);
      const key = createHash('sha256').update(parts.join('\0')).digest('hex');
      const kept = read(file);
      const isSame = ([path, was]: [string, string | null]): boolean => hashOf(readText(workspaceRoot, path)) === was;
      if (kept?.key === key && kept.value !== undefined && Object.entries(kept.reads).every(isSame))
        return kept.value as ReturnType<typeof compute>;
      const reads = new Map<string, string | null>();
      const value = compute((path) => {
        const text = readText(workspaceRoot, path);
        reads.set(path, hashOf(text));
        return text;
      });
      keep(directory, file, { key, value, reads: Object.fromEntries(reads) });
      return value;
    },
  };
}

function keep(directory: string, file: string, entry: Entry): void {
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(draft, JSON.stringify(entry));
    renameSync(draft, file);
  } catch {
    // Not writable: infer again next time.
  }
}

function hashOf(text: string | null): string | null {
  return text === null ? null : createHash('sha256').update(text).digest('hex');
}

/** Null for a folder and the like too: what can't be read is for the plan to refuse. */
function readText(root: string, path: string): string | null {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return null;
  }
}

function read(file: string): Entry | null {
  try {
    const entry = JSON.parse(readFileSync(file, 'utf8')) as Partial<Entry> | null;
    return typeof entry?.reads === 'object' && entry.reads !== null
      ? { key: entry.key, value: entry.value, reads: entry.reads }
      : null;
  } catch {
    // Missing, or cut short by a crash: infer again.
    return null;
  }
}
