import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { tool } from '../config/tool';

export interface NodeCache {
  /** The value kept for these contents, else `compute`'s, which is then kept. */
  through<T>(contents: ReadonlyMap<string, string>, options: unknown, compute: () => T): T;
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
      const hash = createHash('sha256').update(JSON.stringify([tool().version, options]));
      for (const [path, content] of contents) hash.update(`\0${path}\0${content}`);
      const key = hash.digest('hex');
      const kept = read(file);
      if (kept?.key === key && kept.value !== undefined) return kept.value as ReturnType<typeof compute>;
      const value = compute();
      keep(directory, file, { key, value });
      return value;
    },
  };
}

function keep(directory: string, file: string, entry: { readonly key: string; readonly value: unknown }): void {
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(draft, JSON.stringify(entry));
    renameSync(draft, file);
  } catch {
    // Not writable: infer again next time.
  }
}

function read(file: string): { key: unknown; value: unknown } | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { key: unknown; value: unknown };
  } catch {
    // Missing, or cut short by a crash: infer again.
    return null;
  }
}
