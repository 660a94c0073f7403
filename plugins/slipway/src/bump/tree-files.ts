import { lstat, mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Journal, JournalFile } from './journal';
import { readIfThere, removeEmptyFolder, removeFile, unless, writeDurably } from './state-folder';

/**
 * The first symbolic link on the way to a file, or null. A write through one could leave the workspace,
 * and a rename over one would replace it.
 */
export async function linkOnTheWay(root: string, path: string): Promise<string | null> {
  const parts = path.split('/');
  for (let length = 1; length <= parts.length; length += 1) {
    const part = parts.slice(0, length).join('/');
    const stat = await unless(['ENOENT', 'ENOTDIR'], lstat(join(root, part)));
    if (stat?.isSymbolicLink()) return part;
  }
  return null;
}

/** Puts a content in place by a rename, with the permissions and owner that the file had. */
export async function putFile(root: string, journal: Journal, file: JournalFile, content: string): Promise<void> {
  const path = join(root, file.path);
  await mkdir(dirname(path), { recursive: true });
  await writeDurably(path, Buffer.from(content, 'base64'), temporaryOf(root, journal, file), file.attributes);
}

export type FileState = 'before' | 'after' | 'other';

export async function stateOf(root: string, file: JournalFile): Promise<FileState> {
  const now = (await readIfThere(join(root, file.path)))?.toString('base64') ?? null;
  if (now === file.before) return 'before';
  return now === file.after ? 'after' : 'other';
}

/** Brings a file back, or removes it where there was none. */
export async function takeBack(root: string, journal: Journal, file: JournalFile): Promise<void> {
  if (file.before === null) await removeFile(join(root, file.path));
  else await putFile(root, journal, file, file.before);
}

/** Removes what a killed bump may have left beside the files, and the folders that it made. */
export async function sweep(root: string, journal: Journal): Promise<void> {
  for (const file of journal.files) {
    await unless(['ENOTDIR'], removeFile(temporaryOf(root, journal, file)));
  }
  for (const folder of journal.folders) await removeEmptyFolder(join(root, folder));
}

function temporaryOf(root: string, journal: Journal, file: JournalFile): string {
  return join(root, dirname(file.path), `.${basename(file.path)}.slipway-${journal.id}`);
}
