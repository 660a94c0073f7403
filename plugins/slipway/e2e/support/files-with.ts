import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface FoundFile {
  /** From the root, with `/`. */
  readonly path: string;
  /** Permissions alone. */
  readonly mode: number;
}

/** What is installed, and git's objects, which are packed: those are looked at by git. */
const PASSED_OVER = new Set(['.git', 'node_modules']);

/** All files that hold a text, also those of Nx and of its cache. */
export async function filesWith(root: string, text: RegExp): Promise<readonly FoundFile[]> {
  const found: FoundFile[] = [];
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !PASSED_OVER.has(entry.name)) await walk(path);
      if (!entry.isFile() || !text.test(await readFile(join(root, path), 'latin1'))) continue;
      found.push({ path, mode: (await stat(join(root, path))).mode & 0o777 });
    }
  };
  await walk('');
  return found;
}
