import { deepestRoot } from '../config/deepest-root';
import type { Git } from '../io/git';
import type { World } from '../io/world';
import { commitEntries, type Blank } from './commit-entries';
import { inScope } from './scope';
import { treeDigest, type TreeEntry } from './tree-digest';
import { worktreeEntries } from './worktree-entries';

/**
 * The subjects of several projects, by root, in one pass over the working tree: each the same as `subjectOfTree` gives it.
 * @param roots of all projects of the workspace, relative to it: a file belongs to the deepest one it lies in
 * @param wanted those of them whose subjects are asked for
 */
export async function subjectsOfTree(
  world: Pick<World, 'git'>,
  roots: readonly string[],
  blank: Blank,
  wanted: readonly string[] = roots,
): Promise<ReadonlyMap<string, string>> {
  const sorter = new Sorter(roots, wanted);
  return sorter.digests(await worktreeEntries(world.git, '.', blank, (path) => sorter.entriesFor(path) !== null));
}

/** The same from a commit, each as `subjectOfCommit` gives it. */
export async function subjectsOfCommit(
  git: Git,
  commit: string,
  roots: readonly string[],
  blank: Blank,
  wanted: readonly string[] = roots,
): Promise<ReadonlyMap<string, string>> {
  return new Sorter(roots, wanted).digests(await commitEntries(git, commit, wanted, blank));
}

/** Sorts files to the projects that they belong to. */
class Sorter {
  readonly #roots: ReadonlySet<string>;
  readonly #entries: ReadonlyMap<string, TreeEntry[]>;

  constructor(roots: readonly string[], wanted: readonly string[]) {
    this.#roots = new Set(roots);
    this.#entries = new Map(wanted.map((root) => [root, []]));
  }

  /** Those of the project that a file belongs to; null where none is wanted that it counts for. */
  entriesFor(path: string): TreeEntry[] | null {
    const root = deepestRoot(path, this.#roots);
    return root !== null && inScope(path, { root, nested: [] }) ? (this.#entries.get(root) ?? null) : null;
  }

  digests(entries: readonly TreeEntry[]): ReadonlyMap<string, string> {
    for (const entry of entries) this.entriesFor(entry.path)?.push(entry);
    return new Map([...this.#entries].map(([root, own]) => [root, treeDigest(own)]));
  }
}
