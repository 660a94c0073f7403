/** Commits of a range by full id. */
export type CommitGraph = ReadonlyMap<string, Node>;

interface Node {
  readonly id: string;
  readonly parents: readonly string[];
}

export function graphOf(commits: readonly Node[]): CommitGraph {
  return new Map(commits.map((commit) => [commit.id, commit]));
}

/** Ids of the range's commits that a merge brought in: reachable from its later parents and not from its first. Empty for others. */
export function broughtBy(graph: CommitGraph, { parents: [first, ...others] }: Node): ReadonlySet<string> {
  if (first === undefined || others.length === 0) return new Set();
  const before = reachable(graph, [first]);
  return new Set([...reachable(graph, others)].filter((id) => !before.has(id)));
}

function reachable(graph: CommitGraph, from: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const left = [...from];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    const commit = graph.get(id);
    if (commit === undefined || seen.has(id)) continue;
    seen.add(id);
    left.push(...commit.parents);
  }
  return seen;
}
