import { compareBuild } from 'semver';
import type { HistoryCommit } from './history-commit';
import type { TaggedRelease } from './releases';
import { placeOf, type Reach, type Survey } from './survey';
import type { LineTags } from './tags';

/** What git tells of one line: a group of projects, or a project, with a version of its own. */
export interface LineHistory {
  /** The highest stable version whose tag is merged into the commit that was asked for. */
  readonly stable: TaggedRelease | null;
  /** The highest version merged into it, pre-releases included. */
  readonly latest: TaggedRelease | null;
  /** Every version that is tagged anywhere in this repository by the line's pattern, as the tags spell them. */
  readonly taken: ReadonlySet<string>;
  /** What is new since `stable`: newest first, each before its parents. All of history without a stable version. */
  readonly commits: readonly HistoryCommit[];
  /** Of those, by id: the lowest pre-release since `stable` that holds it already. */
  readonly prereleases: ReadonlyMap<string, string>;
}

/** Ranges of commits by where they start; lines released at the same commit share theirs. */
export class Ranges {
  private readonly made = new Map<number, readonly number[]>();
  private readonly lists = new Map<number, readonly HistoryCommit[]>();

  /** @param reach of all starting points. */
  constructor(
    readonly survey: Survey,
    private readonly reach: Reach,
  ) {}

  /** Positions of what a starting point does not hold, in order. @param start its index, -1 for all of history. */
  since(start: number): readonly number[] {
    const known = this.made.get(start);
    if (known) return known;
    const positions: number[] = [];
    for (let position = 0; position < this.survey.read; position += 1) {
      if (start < 0 || !this.reach.holds(start, position)) positions.push(position);
    }
    this.made.set(start, positions);
    return positions;
  }

  /** The commits at those positions: one and the same list for every line that starts there. */
  commitsSince(start: number): readonly HistoryCommit[] {
    const known = this.lists.get(start);
    if (known) return known;
    const { store, nodes } = this.survey;
    const commits = this.since(start).map((position) => store.commit(nodes[position] as number));
    this.lists.set(start, commits);
    return commits;
  }

  /** Whether a commit is new since a starting point. */
  isNew(start: number, position: number): boolean {
    return position >= 0 && position < this.survey.read && (start < 0 || !this.reach.holds(start, position));
  }
}

export interface LineFacts {
  readonly tags: LineTags;
  readonly stable: TaggedRelease | null;
  readonly latest: TaggedRelease | null;
  /** Index of its starting point in the ranges, -1 for none. */
  readonly start: number;
}

/** Works out the parts when they are asked for: most callers need few of a large workspace's lines. */
export function lineHistory(facts: LineFacts, ranges: Ranges): LineHistory {
  let taken: ReadonlySet<string> | null = null;
  let prereleases: ReadonlyMap<string, string> | null = null;
  return {
    stable: facts.stable,
    latest: facts.latest,
    get taken() {
      return (taken ??= new Set(facts.tags.releases.map(({ version }) => version)));
    },
    get commits() {
      return ranges.commitsSince(facts.start);
    },
    get prereleases() {
      return (prereleases ??= heldByPrereleases(facts, ranges));
    },
  };
}

function heldByPrereleases({ tags, stable, start }: LineFacts, ranges: Ranges): ReadonlyMap<string, string> {
  const { store, nodes, places } = ranges.survey;
  const held = new Map<string, string>();
  // Upwards, so that what a lower one holds, with all its ancestors, is done with.
  for (const release of [...tags.releases].reverse()) {
    if (release.stable || (stable !== null && compareBuild(release.version, stable.version) < 0)) continue;
    const stack = [placeOf(ranges.survey, store.find(release.commit))];
    for (let position = stack.pop(); position !== undefined; position = stack.pop()) {
      if (!ranges.isNew(start, position)) continue;
      const node = nodes[position] as number;
      if (held.has(store.id(node))) continue;
      held.set(store.id(node), release.version);
      for (let index = 0; index < store.parentCount(node); index += 1)
        stack.push((places[store.parent(node, index)] as number) - 1);
    }
  }
  return held;
}
