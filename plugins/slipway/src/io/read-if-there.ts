import { readFile } from 'node:fs/promises';
import { errorCode } from './error-code';

/**
 * A file's bytes; null where nothing lies there, or where a folder on the way is a file.
 * @throws what the system says of a file that is there and can't be read, or of a folder
 */
export async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}

/** As {@link readIfThere}, as UTF-8. */
export async function readTextIfThere(path: string): Promise<string | null> {
  return (await readIfThere(path))?.toString('utf8') ?? null;
}
