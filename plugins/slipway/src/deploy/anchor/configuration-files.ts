import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EnvironmentConfig } from '../../config/schema';
import { readIfThere } from '../../io/read-if-there';
import { writeAtomically } from '../../io/write-atomically';
import type { AnchorContent } from './anchor';

export type Configuration = AnchorContent['configuration'];

/** The environment's files as they are on this host, byte for byte, by workspace path; those that do not exist are left out. */
export async function readConfiguration(root: string, files: EnvironmentConfig['envFiles']): Promise<Configuration> {
  const found = await Promise.all(files.map(async ({ path }) => [path, await readIfThere(join(root, path))] as const));
  return Object.fromEntries(found.flatMap(([path, content]) => (content === null ? [] : [[path, content] as const])));
}

/**
 * Makes the environment's files what they were: each one whole or not at all, readable by this user only. Idempotent.
 * @param guard asked before each file. @throws what it throws: then nothing more may be done.
 */
export async function writeConfiguration(
  root: string,
  files: EnvironmentConfig['envFiles'],
  wanted: Configuration,
  guard: () => Promise<void>,
): Promise<void> {
  const now = await readConfiguration(root, files);
  const paths = new Set([...files.map(({ path }) => path), ...Object.keys(wanted)]);
  for (const path of paths) {
    const content = wanted[path];
    if (content === undefined ? now[path] === undefined : now[path]?.equals(content)) continue;
    await guard();
    if (content === undefined) await rm(join(root, path), { force: true });
    else await writeAtomically(join(root, path), content, { mode: 0o600 });
  }
}
