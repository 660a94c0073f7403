import { compareBuild, gt } from 'semver';
import type { HistoryCommit } from '../history/read';
import type { LineTag, LineTags } from '../history/tags';
import { createCommitGraph, type CommitGraph } from '../history/commit-graph';

/** A release that was made, with what was new in it for each line: what its plan was made from. */
export interface PastRelease {
  readonly version: string;
  readonly tag: string;
  readonly commit: HistoryCommit;
  /** Where its changes began; null for the first one. */
  readonly since: { readonly version: string; readonly tag: string } | null;
  readonly lines: readonly PastLine[];
}

export interface PastLine {
  readonly name: string;
  /** The last stable version before. */
  readonly stable: LineTag | null;
  /** The version that this release gave the line; null where it gave none. */
  readonly released: LineTag | null;
  readonly commits: readonly HistoryCommit[];
  /** By commit, the lowest pre-release since `stable` that held it before. */
  readonly prereleases: ReadonlyMap<string, string>;
}

export interface PastReleases {
  /** Highest version first. */
  readonly releases: readonly PastRelease[];
  readonly graph: CommitGraph;
}

/**
 * Tells history in releases, as the plan of each one saw it: a line's changes are those that its highest stable version
 * merged until then does not hold. Ranges from tag to tag in the order of dates, as core makes them, would tell changes
 * twice where a hotfix was merged late.
 * @param commits all of the branch's history, newest first.
 * @param lines tags of every line; those of other branches don't count.
 * @param own name of the line whose releases are told.
 */
export function pastReleases(commits: readonly HistoryCommit[], lines: readonly LineTags[], own: string): PastReleases {
  const graph = createCommitGraph(commits);
  const merged = lines.map(({ name, releases }) => ({
    name,
    tags: releases.flatMap((tag) => {
      const at = graph.position(tag.commit);
      return at === null ? [] : [{ tag, at }];
    }),
  }));
  const told = merged.find(({ name }) => name === own)?.tags ?? [];
  const releases = told.map(({ tag, at }): PastRelease => {
    const held = graph.history(at);
    const past = merged.map((line) => pastLine(line, tag.commit, held, commits, graph));
    const ownPast = past.find(({ name }) => name === own);
    const before = merged
      .find(({ name }) => name === own)
      ?.tags.filter(
        (other) => held[other.at] === 1 && other.at !== at && compareBuild(other.tag.version, tag.version) < 0,
      )
      .map((other) => other.tag)
      .sort((a, b) => compareBuild(b.version, a.version))[0];
    const commit = commits[at];
    if (commit === undefined) throw new TypeError('a commit has a position and is not there');
    const since = tag.stable ? (ownPast?.stable ?? null) : (before ?? null);
    return { version: tag.version, tag: tag.tag, commit, since, lines: past };
  });
  return { releases, graph };
}

function pastLine(
  { name, tags }: { readonly name: string; readonly tags: readonly { readonly tag: LineTag; readonly at: number }[] },
  release: string,
  held: Uint8Array,
  commits: readonly HistoryCommit[],
  graph: CommitGraph,
): PastLine {
  const reached = tags.filter(({ at }) => held[at] === 1);
  const released = reached.find(({ tag }) => tag.commit === release)?.tag ?? null;
  const earlier = reached.filter(({ tag }) => tag.commit !== release);
  // Highest first, as tags come.
  const stable = earlier.find(({ tag }) => tag.stable) ?? null;
  const old = stable === null ? null : graph.history(stable.at);
  const news = commits.filter((_, at) => held[at] === 1 && old?.[at] !== 1);
  const prereleases = new Map<string, string>();
  const stages = earlier.filter(({ tag }) => !tag.stable && (stable === null || gt(tag.version, stable.tag.version)));
  for (const { tag, at } of stages.reverse()) {
    const marks = graph.history(at);
    for (const { id } of news) {
      const position = graph.position(id);
      if (position !== null && marks[position] === 1 && !prereleases.has(id)) prereleases.set(id, tag.version);
    }
  }
  return { name, stable: stable?.tag ?? null, released, commits: news, prereleases };
}
