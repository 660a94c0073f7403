import type { HistoryCommit } from '../history/read';

/** The commits of several ranges as one list, and which ranges hold each. */
export interface Union {
  /** Newest first, a child before its parents. */
  readonly commits: readonly HistoryCommit[];
  /** Position in `commits` by id. */
  readonly at: ReadonlyMap<string, number>;
  /** Calls back for each commit of each distinct range: its position, and which of the given ranges are this one. */
  each(visit: (position: number, ranges: ReadonlySet<number>) => void): void;
}

/** Ranges that are one and the same list are walked once, so that many projects with one last release cost as much as one. */
export function uniteRanges(ranges: readonly (readonly HistoryCommit[])[]): Union {
  const distinct = new Map<readonly HistoryCommit[], Set<number>>();
  ranges.forEach((range, index) => {
    const same = distinct.get(range) ?? new Set();
    distinct.set(range, same.add(index));
  });
  const longestFirst = [...distinct.keys()].sort((a, b) => b.length - a.length);
  const seen = new Map<string, HistoryCommit>();
  let fromOthers = 0;
  longestFirst.forEach((range, index) => {
    for (const commit of range) {
      if (seen.has(commit.id)) continue;
      seen.set(commit.id, commit);
      if (index > 0) fromOthers += 1;
    }
  });
  const commits = fromOthers === 0 ? (longestFirst[0] ?? []) : newestFirst(seen);
  const at = new Map(commits.map(({ id }, position) => [id, position]));
  return {
    commits,
    at,
    each: (visit) => {
      for (const [range, indices] of distinct) {
        const whole = range === commits;
        range.forEach(({ id }, position) => visit(whole ? position : (at.get(id) ?? 0), indices));
      }
    },
  };
}

/** By date, but never a parent before its child, whatever the clocks said. */
function newestFirst(byId: ReadonlyMap<string, HistoryCommit>): HistoryCommit[] {
  const children = new Map<string, string[]>();
  for (const { id, parents } of byId.values()) {
    for (const parent of parents) {
      const known = children.get(parent);
      if (known) known.push(id);
      else children.set(parent, [id]);
    }
  }
  const byDate = [...byId.values()]
    .map((commit) => ({ commit, time: Date.parse(commit.date) }))
    .sort((a, b) => b.time - a.time);
  const ordered = new Set<HistoryCommit>();
  for (const { commit } of byDate) {
    const stack = [commit];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const waiting = ordered.has(top)
        ? undefined
        : (children.get(top.id) ?? []).map((id) => byId.get(id)).find((child) => child && !ordered.has(child));
      if (waiting) stack.push(waiting);
      else {
        ordered.add(top);
        stack.pop();
      }
    }
  }
  return [...ordered];
}
