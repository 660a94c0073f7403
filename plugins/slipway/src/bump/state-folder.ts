import { mkdir, open, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../io/error-code';
import type { Git } from '../io/git';

/** Where a bump keeps what it needs to be undone: in the git folder of this work tree. */
export interface StateFolder {
  readonly gitDir: string;
  readonly path: string;
  readonly journal: string;
  readonly lock: string;
  /** Index that the commit is built from, so that the real one stays as it is until the commit exists. */
  readonly index: string;
}

export async function stateFolder(git: Git): Promise<StateFolder> {
  const gitDir = await git.text(['rev-parse', '--absolute-git-dir']);
  const path = join(gitDir, 'slipway');
  return {
    gitDir,
    path,
    journal: join(path, 'bump.json'),
    lock: join(path, 'bump.lock'),
    index: join(path, 'bump.index'),
  };
}

export interface FileAttributes {
  /** Permission bits, whatever the umask says. */
  readonly mode: number;
  /** Whom the file belongs to; null where that is whoever writes it. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
}

/** Writes a file so that it is there with its whole content or not at all, also after a power cut. */
export async function writeDurably(path: string, content: string | Buffer, temporary: string): Promise<void> {
  await replaceFile(path, content, { temporary, durable: true });
}

export interface Replacement {
  /** In the same file system. */
  readonly temporary: string;
  /** Whether it must outlast a power cut, which waits for the disk. Without it, it outlasts only the end of this process. */
  readonly durable: boolean;
  readonly attributes?: FileAttributes;
}

/** Puts a file in place by a rename: it is there with its whole content, or as it was. */
export async function replaceFile(
  path: string,
  content: string | Buffer,
  { temporary, durable, attributes }: Replacement,
): Promise<void> {
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(content);
    if (attributes?.owner) await file.chown(attributes.owner.uid, attributes.owner.gid);
    if (attributes) await file.chmod(attributes.mode);
    if (durable) await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** Makes a rename or removal in this folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export { readIfThere } from '../io/read-if-there';

export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
}

export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** Removes a folder unless something is in it. */
export async function removeEmptyFolder(path: string): Promise<void> {
  await unless(['ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'], rmdir(path));
}

/** Null where it fails with one of these codes. */
export async function unless<T>(codes: readonly string[], work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    const code = errorCode(error);
    if (code !== null && codes.includes(code)) return null;
    throw error;
  }
}
