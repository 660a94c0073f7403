import { dirname } from 'node:path/posix';
import type { World } from '../io/world';
import type { Blank } from './commit-entries';
import { inScope } from './scope';
import { treeDigest, type TreeEntry } from './tree-digest';
import { worktreeEntries } from './worktree-entries';

/**
 * The subjects of many projects, by root, in one pass over the working tree: each the same as `subjectOfTree` gives it.
 * @param roots of all projects of the workspace, relative to it: a file belongs to the deepest one it lies in
 */
export async function subjectsOfTree(
  world: Pick<World, 'git'>,
  roots: readonly string[],
  blank: Blank,
): Promise<ReadonlyMap<string, string>> {
  const own = new Map(roots.map((root): [string, TreeEntry[]] => [root, []]));
  const counts = (path: string): boolean => {
    const root = ownerOf(path, own);
    return root !== null && inScope(path, { root, nested: [] });
  };
  for (const entry of await worktreeEntries(world.git, '.', blank, counts))
    own.get(ownerOf(entry.path, own) ?? '')?.push(entry);
  return new Map([...own].map(([root, entries]) => [root, treeDigest(entries)]));
}

function ownerOf(path: string, roots: ReadonlyMap<string, unknown>): string | null {
  for (let place = path; ; place = dirname(place)) {
    if (roots.has(place)) return place;
    if (place === '.') return null;
  }
}
