import type { Git } from '../io/git';
import type { World } from '../io/world';
import { commitEntries, type Blank } from './commit-entries';
import { inScope, type SubjectScope } from './scope';
import { treeDigest } from './tree-digest';
import { worktreeEntries } from './worktree-entries';

export { commitEntries, type Blank } from './commit-entries';
export { scopeOf, type SubjectScope } from './scope';
export { blankedId, blobId, treeDigest, type TreeEntry } from './tree-digest';

/**
 * What a verdict is about: a digest (SHA-256, hexadecimal) of a project's files with versions blanked, so that a bump keeps it.
 * From the working tree; equal to {@link subjectOfCommit} when the tree is clean.
 */
export async function subjectOfTree(world: Pick<World, 'git'>, scope: SubjectScope, blank: Blank): Promise<string> {
  return treeDigest(await worktreeEntries(world.git, scope.root, blank, (path) => inScope(path, scope)));
}

/** The same from a commit, whatever the working tree holds. */
export async function subjectOfCommit(git: Git, commit: string, scope: SubjectScope, blank: Blank): Promise<string> {
  const entries = await commitEntries(git, commit, [scope.root], blank);
  return treeDigest(entries.filter(({ path }) => inScope(path, scope)));
}
