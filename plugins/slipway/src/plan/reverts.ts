import type { ConventionalCommit } from '../history/parse-commit';
import type { Union } from './union';

export interface Reverts {
  /** Position of the commit that took it back, by its own. */
  readonly undoneBy: ReadonlyMap<number, number>;
  /** Positions of what a commit takes back, where all of it is in the union; by its own, and only where it stands itself. */
  readonly targets: ReadonlyMap<number, readonly number[]>;
}

/**
 * What takes back what, among commits that are not released. From the newest on, so that the revert of a revert brings the
 * first commit back. Who reverts a merge takes back all that it brought.
 */
export function findReverts(
  { commits, at }: Union,
  changes: readonly (readonly ConventionalCommit[])[],
  broughtBy: (merge: string) => readonly string[],
): Reverts {
  const undoneBy = new Map<number, number>();
  const targets = new Map<number, readonly number[]>();
  const find = finder(
    commits.map(({ id }) => id),
    at,
  );
  changes.forEach((own, index) => {
    const ids = own.flatMap(({ reverts }) => reverts);
    if (ids.length === 0 || undoneBy.has(index)) return;
    const found = ids.map(find).map((position) => (position !== null && position > index ? position : null));
    for (const target of found) {
      const commit = target === null ? undefined : commits[target];
      if (target === null || commit === undefined) continue;
      undoneBy.set(target, index);
      if (commit.parents.length < 2) continue;
      for (const brought of broughtBy(commit.id)) {
        const position = at.get(brought);
        if (position !== undefined && position > index && !undoneBy.has(position)) undoneBy.set(position, index);
      }
    }
    const known = found.filter((position) => position !== null);
    if (known.length === found.length) targets.set(index, known);
  });
  return { undoneBy, targets };
}

/** By full or abbreviated id; null for one that is not there. */
function finder(ids: readonly string[], at: ReadonlyMap<string, number>): (id: string) => number | null {
  let byStart: Map<string, number[]> | null = null;
  return (id) => {
    const exact = at.get(id);
    if (exact !== undefined) return exact;
    if (byStart === null) {
      byStart = new Map();
      for (const [position, full] of ids.entries()) {
        const start = full.slice(0, SHORTEST);
        const known = byStart.get(start);
        if (known) known.push(position);
        else byStart.set(start, [position]);
      }
    }
    return byStart.get(id.slice(0, SHORTEST))?.find((position) => ids[position]?.startsWith(id)) ?? null;
  };
}

/** What git abbreviates to at least, and what a message must give of an id to be read as one. */
const SHORTEST = 7;
