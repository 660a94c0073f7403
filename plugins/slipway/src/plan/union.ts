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

/**
 * Unites ranges of one history, each newest first. Ranges that are one and the same list are walked once, so that many
 * projects with one last release cost as much as one.
 */
export function uniteRanges(ranges: readonly (readonly HistoryCommit[])[]): Union {
  const distinct = new Map<readonly HistoryCommit[], Set<number>>();
  ranges.forEach((range, index) => {
    const same = distinct.get(range) ?? new Set();
    distinct.set(range, same.add(index));
  });
  const [longest = [], ...others] = [...distinct.keys()].sort((a, b) => b.length - a.length);
  const apart = others.filter((range) => !walk(range, longest, null, () => undefined));
  const commits = apart.length === 0 ? longest : newestFirst([longest, ...apart]);
  const at = new Map(commits.map(({ id }, position) => [id, position]));
  return {
    commits,
    at,
    each: (visit) => {
      for (const [range, indices] of distinct) walk(range, commits, at, (position) => visit(position, indices));
    },
  };
}

/**
 * Calls back with the position in `all` of each commit of a range. Ranges of one history mostly hold the same commits in
 * the same order, so they are walked side by side; only what is not met so is looked up.
 * @param at positions by id; null to give up where one has to be looked up.
 * @returns whether all of the range is in `all`, as far as that was found out.
 */
function walk(
  range: readonly HistoryCommit[],
  all: readonly HistoryCommit[],
  at: ReadonlyMap<string, number> | null,
  visit: (position: number) => void,
): boolean {
  let next = 0;
  let aside = true;
  for (const commit of range) {
    const start = next;
    while (aside && next < all.length && all[next] !== commit) next += 1;
    if (aside && next < all.length) {
      visit(next);
      next += 1;
      continue;
    }
    if (at === null) return false;
    aside = false;
    next = start;
    visit(at.get(commit.id) ?? 0);
  }
  return true;
}

/** All of several ranges, by date, but never a parent before its child, whatever the clocks said. */
function newestFirst(ranges: readonly (readonly HistoryCommit[])[]): HistoryCommit[] {
  const byId = new Map(ranges.flatMap((range) => range.map((commit) => [commit.id, commit])));
  const byDate = [...byId.values()]
    .map((commit) => ({ commit, time: Date.parse(commit.date) }))
    .sort((a, b) => b.time - a.time);
  const children = new Map<string, HistoryCommit[]>();
  for (const { commit } of byDate) {
    for (const parent of commit.parents) {
      const known = children.get(parent);
      if (known) known.push(commit);
      else children.set(parent, [commit]);
    }
  }
  const ordered = new Set<HistoryCommit>();
  for (const { commit } of byDate) {
    const stack = [commit];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const waiting = ordered.has(top) ? undefined : (children.get(top.id) ?? []).find((child) => !ordered.has(child));
      if (waiting) stack.push(waiting);
      else {
        ordered.add(top);
        stack.pop();
      }
    }
  }
  return [...ordered];
}
