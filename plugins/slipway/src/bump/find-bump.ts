import type { Git } from '../io/git';
import { blobIds, storedIds } from './commit-files';
import { changedPaths } from './diff';
import type { FileEdit } from './file-edit';

export type FoundBump =
  | { readonly kind: 'absent' }
  /** The branch exists and holds nothing beyond the planned commit. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'bumped'; readonly commit: string }
  | { readonly kind: 'elsewhere'; readonly tip: string };

interface Wanted {
  readonly plan: { readonly branch: string; readonly commit: string };
  readonly edits: readonly FileEdit[];
}

/**
 * Looks for the bump on the release branch: the first commit after the planned one. It counts when it touches just the files
 * of the edits, with just these manifests; changelog and record may name another day. Later commits don't matter.
 */
export async function findBump(git: Git, { plan, edits }: Wanted): Promise<FoundBump> {
  const found = await firstCommit(git, `refs/heads/${plan.branch}`, plan.commit);
  if (typeof found === 'object') return found;
  const changed = new Set((await changedPaths(git, plan.commit, found)).map(({ path }) => path));
  const same = changed.size === edits.length && edits.every(({ path }) => changed.has(path));
  return same && (await holds(git, found, edits))
    ? { kind: 'bumped', commit: found }
    : { kind: 'elsewhere', tip: found };
}

/** The first commit on a branch after `from`, or what is the matter. */
export async function firstCommit(
  git: Git,
  branch: string,
  from: string,
): Promise<string | Exclude<FoundBump, { kind: 'bumped' }>> {
  const tip = (await git.run(['rev-parse', '-q', '--verify', `${branch}^{commit}`])).stdout.trim();
  if (tip === '') return { kind: 'absent' };
  if (tip === from) return { kind: 'empty' };
  const line =
    (await git.text(['rev-list', '--first-parent', '--parents', '--reverse', `${from}..${branch}`])).split('\n')[0] ??
    '';
  const [commit, ...parents] = line.split(' ');
  return commit !== undefined && parents.length === 1 && parents[0] === from ? commit : { kind: 'elsewhere', tip };
}

async function holds(git: Git, commit: string, edits: readonly FileEdit[]): Promise<boolean> {
  const wanted = new Map(edits.flatMap(({ kind, path, after }) => (kind === 'manifest' ? [[path, after]] : [])));
  const [there, stored] = [await blobIds(git, commit, [...wanted.keys()]), await storedIds(git, wanted, commit)];
  return [...stored].every(([path, id]) => there.get(path) === id);
}
