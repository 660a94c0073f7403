import { createCommitGraph, type CommitGraph } from '../history/commit-graph';
import { parseChanges } from '../history/parse-changes';
import { parseCommit, type ConventionalCommit } from '../history/parse-commit';
import { printable, printableLine } from '../history/printable';
import type { HistoryCommit } from '../history/read';
import { compareReleaseTypes, demandOf, type DemandPolicy, type ReleaseType } from '../version/release-type';

export interface FreezePolicy {
  /** Types of commits that may still be added. */
  readonly types: readonly string[];
  /** The release's own type: the most that a commit may demand. */
  readonly release: ReleaseType;
  readonly demands: DemandPolicy;
  /** Last stable version; null where there is none. */
  readonly stable: string | null;
  /** Commits of the tool itself: bumps. */
  readonly own: ReadonlySet<string>;
  /** Of the commits to judge, those that main holds: what takes one back on the release branch would take it back on main too. */
  readonly onMain: ReadonlySet<string>;
}

/** A commit that the freeze does not allow. */
export interface FreezeBreach {
  /** Full id. */
  readonly id: string;
  /** Its first line, safe to print. */
  readonly header: string;
  /** In lower case; null where the message is not a conventional one. */
  readonly type: string | null;
  /** The end of a sentence about it. */
  readonly reason: string;
  /** The merge into the release branch that brought it; null where it was committed there. */
  readonly merge: string | null;
}

export interface FreezeVerdict {
  /** Newest first. */
  readonly breaches: readonly FreezeBreach[];
  /** What was added and stays, merges apart; newest first. */
  readonly added: readonly HistoryCommit[];
}

/**
 * Judges what was added to a release branch after the bump: only certain types, nothing breaking, nothing that demands more than the
 * release is. Merges are looked into: what they brought is among the commits by itself; their own messages count where they say more. What was taken back again is not there.
 * @param commits from the bump, excluded, to the tip; newest first, a child always before its parents.
 */
export function judgeFreeze(commits: readonly HistoryCommit[], policy: FreezePolicy): FreezeVerdict {
  const graph = createCommitGraph(commits);
  const gone = takenBack(commits, graph, policy.onMain);
  const standing = commits.filter(({ id }) => !gone.has(id) && !policy.own.has(id));
  const added = standing.filter(({ parents }) => parents.length < 2);
  const merges = mergesOfTrunk(commits, graph);
  const broken = new Map<string, Breach>();
  const judge = (commit: HistoryCommit): void => {
    const breach = breachOf(commit, policy);
    if (breach !== null) broken.set(commit.id, breach);
  };
  added.forEach(judge);
  for (const merge of standing) {
    // Its own message matters where it says more than what it brought: that is judged by itself.
    if (merge.parents.length < 2 || changesOf(merge.message, policy).length === 0) continue;
    if (!graph.broughtBy(merge.id).some((id) => broken.has(id))) judge(merge);
  }
  const breaches = standing.flatMap(({ id, message, parents }): readonly FreezeBreach[] => {
    const breach = broken.get(id);
    if (breach === undefined) return [];
    const header = printableLine(printable(message).trim().split('\n')[0] ?? '');
    const merge = parents.length > 1 ? id : (merges.find(({ brought }) => brought.has(id))?.id ?? null);
    return [{ id, header, merge, ...breach }];
  });
  return { breaches, added };
}

type Breach = Pick<FreezeBreach, 'type' | 'reason'>;

function breachOf({ message }: HistoryCommit, policy: FreezePolicy): Breach | null {
  const changes = changesOf(message, policy);
  if (changes.length === 0) return { type: null, reason: 'has no conventional message, such as "fix: …"' };
  const header = parseCommit(message);
  for (const change of changes) {
    const reason = excessOf(change, policy);
    if (reason === null) continue;
    const own = change.type === header?.type && change.subject === header.subject;
    return { type: change.type, reason: own ? reason : `brings "${change.type}: ${change.subject}", which ${reason}` };
  }
  return null;
}

/** A squash-merge lists several. */
function changesOf(message: string, { types, demands }: FreezePolicy): readonly ConventionalCommit[] {
  return parseChanges(message, [...types, ...Object.keys(demands.types)]);
}

function excessOf(change: ConventionalCommit, { types, release, demands, stable }: FreezePolicy): string | null {
  if (change.breaking) return 'is a breaking change';
  if (!types.includes(change.type))
    return `is of type ${change.type}, and only ${types.join(', ') || 'none'} may be added`;
  const { type } = demandOf(change, demands, stable);
  if (type === null || compareReleaseTypes(type, release) <= 0) return null;
  return `is of type ${change.type}, which demands a ${type} release, where this is a ${release} one`;
}

/**
 * Commits that a later one took back, and those that did nothing but that. From the newest on, so that the revert of a revert brings the
 * first one back. The revert of a merge takes back all that it brought; what main holds is not taken back, but lost there by the next merge.
 */
function takenBack(
  commits: readonly HistoryCommit[],
  graph: CommitGraph,
  onMain: ReadonlySet<string>,
): ReadonlySet<string> {
  const gone = new Set<string>();
  for (const [index, { id, message }] of commits.entries()) {
    if (gone.has(id)) continue;
    const change = parseCommit(message);
    if (change === null || change.reverts.length === 0) continue;
    const targets = change.reverts.map((named) =>
      commits.find((other, at) => at > index && other.id.startsWith(named)),
    );
    for (const target of targets) {
      if (target === undefined) continue;
      for (const id of [target.id, ...graph.broughtBy(target.id)]) if (!onMain.has(id)) gone.add(id);
    }
    if (change.type === 'revert' && !change.breaking && targets.every((target) => target !== undefined)) gone.add(id);
  }
  return gone;
}

interface BroughtMerge {
  readonly id: string;
  readonly brought: ReadonlySet<string>;
}

/** Merges into the branch itself, newest first. */
function mergesOfTrunk(commits: readonly HistoryCommit[], graph: CommitGraph): readonly BroughtMerge[] {
  const found: BroughtMerge[] = [];
  for (let at = commits[0]; at !== undefined; at = commits[graph.position(at.parents[0] ?? '') ?? -1]) {
    if (at.parents.length > 1) found.push({ id: at.id, brought: new Set(graph.broughtBy(at.id)) });
  }
  return found;
}
