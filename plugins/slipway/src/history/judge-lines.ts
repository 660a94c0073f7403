import { compareBuild } from 'semver';
import type { CommitStore } from './commit-store';
import { versionOfTag, type TaggedRelease } from './releases';
import { placeOf, Reach, surveyFrom, type Survey } from './survey';
import type { LineTag, LineTags } from './tags';

export interface JudgementInput {
  readonly lines: readonly LineTags[];
  readonly base: TaggedRelease | null;
  /** Tags that are known to be merged into the commit, whether or not history was read that far. */
  readonly merged: ReadonlySet<string>;
}

/** What can be said of the lines by what was read so far. */
export interface Judgement {
  readonly survey: Survey;
  readonly reach: Reach;
  readonly lines: readonly {
    readonly stable: TaggedRelease | null;
    readonly latest: TaggedRelease | null;
    /** Index of its starting point in `reach`; -1 for all of history. */
    readonly start: number;
  }[];
  /** Whether all that is new in each line is here. */
  readonly complete: boolean;
  /** Index of a line that lacks something, where that can be told. */
  readonly incomplete: number | null;
}

/**
 * Finds each line's last release, and whether everything newer was read: that is so where the release holds all commits
 * whose parents are not known.
 */
export function judgeLines(store: CommitStore, head: number, { lines, base, merged }: JudgementInput): Judgement {
  const survey = surveyFrom(store, head);
  const place = (release: TaggedRelease) => placeOf(survey, store.find(release.commit));
  const isMerged = (release: LineTag) => merged.has(release.tag) || place(release) >= 0;
  const found = lines.map(({ tagPattern, releases }) => {
    const latest = releases.find(isMerged) ?? null;
    const stable = releases.find((release) => release.stable && isMerged(release)) ?? null;
    if (base === null || versionOfTag(tagPattern, base.tag) !== base.version) return { stable, latest };
    const later = latest !== null && compareBuild(latest.version, base.version) > 0 ? latest : base;
    return { stable: base, latest: later };
  });

  const starts: number[] = [];
  const indexes = new Map<number, number>();
  let missing: number | null = null;
  const judged = found.map(({ stable, latest }, line) => {
    const from = base ?? stable;
    const position = from === null ? null : place(from);
    if (position === null || position < 0) {
      // It begins further back than anything that was read.
      if (position !== null || survey.ends.length > 0) missing ??= line;
      return { stable: plain(stable), latest: plain(latest), start: -1 };
    }
    const start = indexes.get(position) ?? starts.push(position) - 1;
    indexes.set(position, start);
    return { stable: plain(stable), latest: plain(latest), start };
  });
  const reach = new Reach(survey, starts);
  const outside = reach.firstOutside();
  const incomplete = missing ?? (outside < 0 ? null : judged.findIndex(({ start }) => start === outside));
  return { survey, reach, lines: judged, complete: incomplete === null, incomplete };
}

function plain(release: TaggedRelease | null): TaggedRelease | null {
  return release === null ? null : { version: release.version, tag: release.tag, commit: release.commit };
}
