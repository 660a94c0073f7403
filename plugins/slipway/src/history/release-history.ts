import { compareBuild } from 'semver';
import type { Git } from '../io/git';
import { broughtBy } from './brought-by';
import type { HistoryCache } from './cache';
import type { CommitStore } from './commit-store';
import type { HistoryCommit } from './history-commit';
import { HistoryError, shallowError } from './history-error';
import { judgeLines, type Judgement } from './judge-lines';
import { lineHistory, Ranges, type LineHistory } from './line-history';
import { HistoryReader } from './history-reader';
import { readFacts } from './repository';
import type { TaggedRelease } from './releases';
import { matchTags, mergedTags, readTags, type LineTags } from './tags';

export type { HistoryCommit } from './history-commit';
export type { LineHistory } from './line-history';

/** What has one version: a fixed release group, or one project. */
export interface Line {
  readonly name: string;
  /** With `{version}` once, every other placeholder filled in. */
  readonly tagPattern: string;
}

export interface ReleaseHistory {
  /** Full id of the commit that was asked for. */
  readonly head: string;
  /** @throws {TypeError} for a name that was not asked for. */
  line(name: string): LineHistory;
  /** Everything that is new in any line, in the order of {@link LineHistory.commits}; the same objects. */
  readonly commits: readonly HistoryCommit[];
  /**
   * Ids of the commits (new in any line) that a merge brought in, newest first: reachable from its later parents and not
   * from its first. Empty for other commits.
   */
  broughtBy(merge: string): readonly string[];
}

export interface HistoryRequest {
  /** An id, or a name such as HEAD. */
  readonly head: string;
  readonly lines: readonly Line[];
  /**
   * For a hotfix: all lines' commits are those since this release, which must be an ancestor of `head`. It is also
   * `stable` in the line whose tag it has; other lines' `stable` and `latest` stay what is merged into `head`.
   */
  readonly base?: TaggedRelease | null;
  /** What is not cached is read from git. Default: none. */
  readonly cache?: HistoryCache | null;
}

/**
 * History of all lines since their last stable releases: one `git log` for the whole workspace, ended as soon as every
 * line's last release and all that is newer were met, and no process per line or tag. With a cache, only commits that are
 * new to it are read.
 * @throws {HistoryError} where the clone does not hold all that a line's range needs (shallow, without trees), and for an
 * unknown commit, as in an empty repository.
 */
export async function readReleaseHistory(git: Git, request: HistoryRequest): Promise<ReleaseHistory> {
  const base = request.base ?? null;
  const [facts, tags] = await Promise.all([readFacts(git, request.head), readTags(git)]);
  const lines = matchTags(request.lines, tags);
  const reader = await HistoryReader.open(git, facts, request.cache ?? null);
  const { store } = reader;
  let merged: ReadonlySet<string> = new Set();
  const judge = () => judgeLines(store, store.number(facts.head), { lines, base, merged });
  const plausible = metEveryLine(lines, base, store);
  let judgement = await reader.readUntil(judge, plausible);
  const unsure = unsureTags(lines, judgement);
  if (unsure.length > 0) {
    merged = await mergedTags(git, facts.head, unsure);
    // A release may be older than a lower one: then more of history is new than was read so far.
    if (merged.size > 0) judgement = await reader.readUntil(judge, plausible);
  }
  if (!judgement.complete) throw incompleteHistory(judgement, lines, base);
  await reader.save(judgement.survey);
  return asReleaseHistory(facts.head, judgement, lines);
}

/** Tags above what was met of a line, that may be merged further back than was read. */
function unsureTags(lines: readonly LineTags[], { survey, lines: judged }: Judgement): readonly string[] {
  if (survey.read === survey.nodes.length) return [];
  return lines.flatMap(({ releases }, index) => {
    const { stable, latest } = judged[index] ?? { stable: null, latest: null };
    return releases
      .filter(({ version, stable: final }) => {
        const met = final ? stable : latest;
        return met === null || compareBuild(version, met.version) > 0;
      })
      .map(({ tag }) => tag);
  });
}

/** Tells cheaply whether a release of each line was met: before that, no judgement can find the lines complete. */
function metEveryLine(lines: readonly LineTags[], base: TaggedRelease | null, store: CommitStore): () => boolean {
  const commits =
    base !== null
      ? [[base.commit]]
      : lines.map(({ releases }) => releases.filter(({ stable }) => stable).map(({ commit }) => commit));
  return () => {
    while (commits.at(-1)?.some((commit) => store.find(commit) >= 0) === true) commits.pop();
    return commits.length === 0;
  };
}

function incompleteHistory(
  { survey, incomplete }: Judgement,
  lines: readonly LineTags[],
  base: TaggedRelease | null,
): HistoryError {
  if (base !== null && survey.ends.length === 0) {
    return new HistoryError(
      'notAncestor',
      `${base.tag} is not part of the history that is to be released`,
      `Start from a commit that was made after it: git switch -c <branch> ${base.tag}`,
    );
  }
  const line = incomplete === null ? undefined : lines[incomplete];
  // A single line is all there is, whatever its group is called.
  return shallowError(line === undefined || lines.length === 1 ? '' : ` of ${line.name}`);
}

function asReleaseHistory(head: string, judgement: Judgement, tags: readonly LineTags[]): ReleaseHistory {
  const { survey, reach, lines } = judgement;
  const { store } = survey;
  const ranges = new Ranges(survey, reach);
  const histories = new Map<string, LineHistory>();
  for (const [index, { stable, latest, start }] of lines.entries()) {
    const line = tags[index];
    if (line) histories.set(line.name, lineHistory({ tags: line, stable, latest, start }, ranges));
  }
  const starts = [...new Set(lines.map(({ start }) => start))];
  const isNew = (position: number) => starts.some((start) => ranges.isNew(start, position));
  let commits: readonly HistoryCommit[] | null = null;
  return {
    head,
    line(name) {
      const history = histories.get(name);
      if (!history) throw new TypeError(`the history of ${JSON.stringify(name)} was not asked for`);
      return history;
    },
    get commits() {
      return (commits ??= Array.from({ length: survey.read }, (_, position) => position)
        .filter(isNew)
        .map((position) => store.commit(survey.nodes[position] as number)));
    },
    broughtBy: (merge) =>
      broughtBy(survey, store.find(merge))
        .filter(isNew)
        .map((position) => store.id(survey.nodes[position] as number)),
  };
}
