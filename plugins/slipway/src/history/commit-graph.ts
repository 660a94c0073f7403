import type { HistoryCommit } from './history-commit';

/** Which commits hold which, of one reading of history. Sets are marks by the commits' positions. */
export interface CommitGraph {
  /** Null for a commit that was not read. */
  readonly position: (id: string) => number | null;
  /** A commit and all before it. */
  readonly history: (position: number) => Uint8Array;
  /** Reachable from a merge's later parents and not from its first. */
  readonly broughtBy: (merge: string) => readonly string[];
}

/** @param commits newest first; what is before them counts as not there. */
export function createCommitGraph(commits: readonly HistoryCommit[]): CommitGraph {
  const positions = new Map(commits.map(({ id }, index) => [id, index]));
  const known = (ids: readonly string[]): number[] =>
    ids.flatMap((id) => {
      const at = positions.get(id);
      return at === undefined ? [] : [at];
    });
  const parents = commits.map((commit) => known(commit.parents));
  const reach = (starts: readonly number[]): Uint8Array => {
    const marks = new Uint8Array(commits.length);
    const open = [...starts];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (marks[at] === 1) continue;
      marks[at] = 1;
      for (const parent of parents[at] ?? []) if (marks[parent] === 0) open.push(parent);
    }
    return marks;
  };
  return {
    position: (id) => positions.get(id) ?? null,
    history: (position) => reach([position]),
    broughtBy: (merge) => {
      const [first, ...later] = commits[positions.get(merge) ?? -1]?.parents ?? [];
      if (first === undefined || later.length === 0) return [];
      const before = reach(known([first]));
      const after = reach(known(later));
      return commits.filter((_, at) => after[at] === 1 && before[at] === 0).map(({ id }) => id);
    },
  };
}
