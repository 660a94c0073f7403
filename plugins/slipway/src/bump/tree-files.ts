import { lstat, mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Journal, JournalFile } from './journal';
import { readIfThere, removeEmptyFolder, removeFile, replaceFile, unless } from './state-folder';

/**
 * The first symbolic link on the way to a file, or null. A write through one could leave the workspace,
 * and a rename over one would replace it.
 * @param seen what earlier calls found out about folders, which many files share.
 */
export async function linkOnTheWay(
  root: string,
  path: string,
  seen = new Map<string, Promise<boolean>>(),
): Promise<string | null> {
  const isLink = async (part: string): Promise<boolean> =>
    (await unless(['ENOENT', 'ENOTDIR'], lstat(join(root, part))))?.isSymbolicLink() ?? false;
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
    const folder = path.slice(0, end);
    const known = seen.get(folder) ?? isLink(folder);
    seen.set(folder, known);
    if (await known) return folder;
  }
  return (await isLink(path)) ? path : null;
}

/**
 * Puts what the bump makes of a file in place by a rename, with the permissions and owner that the file had.
 * It does not wait for the disk: as long as the journal is there, it brings every file back, however a power cut left it,
 * and afterwards git has them all.
 */
export async function putFile(root: string, journal: Journal, file: JournalFile): Promise<void> {
  await put(root, journal, file, { content: file.after, durable: false });
}

async function put(
  root: string,
  journal: Journal,
  file: JournalFile,
  { content, durable }: { readonly content: string; readonly durable: boolean },
): Promise<void> {
  const path = join(root, file.path);
  const [temporary, { attributes }] = [temporaryOf(root, journal, file), file];
  if (file.before === null || durable) await mkdir(dirname(path), { recursive: true });
  await replaceFile(path, Buffer.from(content, 'base64'), { temporary, durable, attributes });
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
  else await put(root, journal, file, { content: file.before, durable: true });
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
