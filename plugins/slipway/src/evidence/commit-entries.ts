import { GitError, type Git } from '../io/git';
import { editorFor } from '../version/manifests';
import { blankedId, type TreeEntry } from './tree-digest';

/** Text of a manifest with every version replaced by a placeholder, or null for a file that holds no version of the release. */
export interface Blank {
  (path: string, content: string): string | null;
  /** Which files to ask it about; without it, those that a manifest's editor may be for. */
  readonly reads?: (path: string) => boolean;
}

/** Whether a file must be read to tell. */
export function mayHoldVersion(blank: Blank, path: string): boolean {
  return blank.reads?.(path) ?? editorFor(path) !== null;
}

/** Git processes at a time. */
const READERS = 8;

/**
 * The files of a commit below some paths, sorted as git sorts them. Only possible manifests are read.
 * @param paths files and folders relative to the workspace; `.` is all of it
 */
export async function commitEntries(
  git: Git,
  commit: string,
  paths: readonly string[],
  blank: Blank,
): Promise<readonly TreeEntry[]> {
  if (paths.length === 0) return [];
  const everything = paths.some((path) => path === '.' || path === './');
  const listed = await git.text(['ls-tree', '-r', '-z', commit, ...(everything ? [] : ['--', ...paths])]);
  const entries = parseTree(listed);
  const manifests = entries.filter(({ path, mode }) => mode.startsWith('100') && mayHoldVersion(blank, path));
  const blanked = new Map<string, string>();
  for (let at = 0; at < manifests.length; at += READERS) {
    await Promise.all(
      manifests.slice(at, at + READERS).map(async ({ path, blob }) => {
        const text = blank(path, await contentOf(git, blob));
        if (text !== null) blanked.set(path, blankedId(text));
      }),
    );
  }
  return entries.map((entry) => ({ ...entry, blob: blanked.get(entry.path) ?? entry.blob }));
}

async function contentOf(git: Git, blob: string): Promise<string> {
  const args = ['cat-file', 'blob', blob];
  const result = await git.run(args);
  if (result.exitCode !== 0) throw new GitError(args, result);
  return result.stdout;
}

/** `<mode> <type> <id>\t<path>`, ended by NUL. */
function parseTree(output: string): TreeEntry[] {
  return output.split('\0').flatMap((line) => {
    const match = /^(\d{6}) \S+ ([0-9a-f]+)\t(.+)$/s.exec(line);
    return match ? [{ mode: match[1] ?? '', blob: match[2] ?? '', path: match[3] ?? '' }] : [];
  });
}
