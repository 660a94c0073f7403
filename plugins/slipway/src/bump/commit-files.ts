import { createHash } from 'node:crypto';
import type { Git } from '../io/git';
import { unconverted } from './conversion';

/**
 * Stored contents of regular files of a commit or tree, by path; files it doesn't have are left out.
 * @param paths relative to the folder that git runs in.
 * @throws when git fails, and for a file that is no UTF-8 text: such a file can't be edited without harm.
 */
export async function readCommitFiles(
  git: Git,
  commit: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  return readBlobs(git, await blobIds(git, commit, paths));
}

async function readBlobs(git: Git, blobs: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
  if (blobs.size === 0) return new Map();
  const ids = [...blobs.values()].map((id) => `${id}\n`).join('');
  const bytes = Buffer.from(await git.text(['cat-file', '--batch'], { input: ids }), 'utf8');
  const contents = new Map<string, string>();
  let at = 0;
  for (const [path, id] of blobs) {
    // `<id> <type> <bytes>\n<content>\n`, repeated.
    const start = bytes.indexOf(0x0a, at) + 1;
    const [, type, size] = bytes.toString('latin1', at, start - 1).split(' ');
    const content = bytes.subarray(start, start + Number(size));
    if (type !== 'blob' || blobId(content, id) !== id) throw notText(path);
    contents.set(path, content.toString('utf8'));
    at = start + Number(size) + 1;
  }
  return contents;
}

/**
 * The same as a checkout would write them: line endings and filters by attributes.
 * @throws like {@link readCommitFiles}.
 */
export async function readCheckedOutFiles(
  git: Git,
  commit: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const blobs = await blobIds(git, commit, paths);
  const plain = await unconverted(git, [...blobs.keys()]);
  const asStored = await readBlobs(git, new Map([...blobs].filter(([path]) => plain.has(path))));
  const contents = new Map<string, string>();
  for (const [path, id] of blobs) {
    const stored = asStored.get(path);
    if (stored !== undefined) {
      contents.set(path, stored);
      continue;
    }
    // One by one: `--batch` with `--filters` prints the size from before the filters, so its output can't be split.
    const { exitCode, stdout, stderr } = await git.run(['cat-file', '--filters', `--path=${path}`, id]);
    if (exitCode !== 0) throw new Error(`git cat-file failed for ${path} (exit ${exitCode}): ${stderr.trim()}`);
    contents.set(path, stdout);
  }
  return contents;
}

/** Blob ids of regular files by path. A symbolic link's blob is the path it leads to, so links are left out. */
export async function blobIds(
  git: Git,
  commit: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = new Set(paths);
  const ids = new Map<string, string>();
  for (const entry of (await git.text(['ls-tree', '-r', '-z', commit])).split('\0')) {
    const [, mode, id, path] = /^(\d+) blob ([0-9a-f]+)\t([\s\S]+)$/.exec(entry) ?? [];
    if (mode?.startsWith('100') && id !== undefined && path !== undefined && wanted.has(path)) ids.set(path, id);
  }
  return ids;
}

/**
 * The ids under which git would store contents at their paths, after line endings and filters by attributes.
 * @param like any object id of the repository, which tells its hash.
 */
export async function storedIds(
  git: Git,
  contents: ReadonlyMap<string, string>,
  like: string,
): Promise<ReadonlyMap<string, string>> {
  const plain = await unconverted(git, [...contents.keys()]);
  const ids = new Map<string, string>();
  for (const [path, content] of contents) {
    const id = plain.has(path)
      ? blobId(Buffer.from(content, 'utf8'), like)
      : await git.text(['hash-object', `--path=${path}`, '--stdin'], { input: content });
    ids.set(path, id);
  }
  return ids;
}

/** Git's own id of a content, by the hash that the repository uses. */
function blobId(content: Buffer, like: string): string {
  return createHash(like.length === 64 ? 'sha256' : 'sha1')
    .update(`blob ${content.length}\0`)
    .update(content)
    .digest('hex');
}

function notText(path: string): Error {
  return new Error(`${path} is no UTF-8 text, so it can't be read without harm`);
}
