import { parseCommit, type ConventionalCommit } from '../history/parse-commit';
import { printable, printableLine } from '../history/printable';
import { createProjectLookup, touchedProjects, type ProjectRoot } from '../history/projects';
import type { HistoryCommit } from '../history/read';
import { demandOf } from '../version/release-type';
import type { PlannedCommit, SkipKind } from './release-plan';

/**
 * Says of each commit what it demands of the release, or why it does not count.
 * @param commits newest first, as history gives them.
 * @param projects the members of the release.
 * @returns the same commits in the same order; all text in them is safe to print.
 */
export function classifyCommits(
  commits: readonly HistoryCommit[],
  projects: readonly ProjectRoot[],
): readonly PlannedCommit[] {
  const parsed = commits.map((commit) => parseCommit(commit.message));
  const undone = findUndone(commits, parsed);
  const lookup = createProjectLookup(projects);
  return commits.map((commit, index) => {
    const conventional = parsed[index] ?? null;
    const touched = touchedProjects(commit.files, projects, lookup);
    const skip = skipOf(commit, conventional, touched, undone.get(index) ?? null);
    const demand = conventional === null ? null : demandOf(conventional);
    const base = {
      id: commit.id,
      author: printableLine(commit.author),
      email: printableLine(commit.email),
      date: commit.date,
      type: conventional?.type ?? null,
      scope: conventional?.scope ?? null,
      subject: conventional?.subject ?? printableLine(printable(commit.message).trim().split('\n')[0] ?? ''),
      breaking: conventional?.breaking ?? false,
      breakingNote: conventional?.breakingNote ?? null,
      references: [],
      prerelease: null,
      projects: touched,
    };
    if (skip !== null) return { ...base, demands: null, skipped: skip.why, skippedAs: skip.kind };
    return { ...base, demands: demand?.type ?? null, skipped: null };
  });
}

/** How people know a commit. */
export function shortId(id: string): string {
  return id.slice(0, 7);
}

/** A commit on one line, as its author wrote the header: `feat(api)!: …`. */
export function headerOf(commit: Pick<PlannedCommit, 'type' | 'scope' | 'subject' | 'breaking'>): string {
  if (commit.type === null) return commit.subject;
  return `${commit.type}${commit.scope === null ? '' : `(${commit.scope})`}${commit.breaking ? '!' : ''}: ${commit.subject}`;
}

interface Skip {
  readonly kind: SkipKind;
  /** The end of a sentence about the commit. */
  readonly why: string;
}

function skipOf(
  commit: HistoryCommit,
  conventional: ConventionalCommit | null,
  touched: readonly string[],
  undone: string | null,
): Skip | null {
  if (commit.parents.length > 1) return { kind: 'merge', why: 'is a merge, whose commits are listed themselves' };
  if (conventional === null) return { kind: 'unconventional', why: 'has no conventional message, such as "fix: …"' };
  if (conventional.type === 'chore' && conventional.scope === 'release')
    return { kind: 'release', why: 'is the commit of a release' };
  if (touched.length === 0) return { kind: 'outside', why: 'touches no project of the release' };
  if (undone !== null) return { kind: 'reverted', why: undone };
  const demand = demandOf(conventional);
  return demand.type === null ? { kind: 'type', why: demand.why } : null;
}

/**
 * A commit and its revert that are both new in this release cancel each other: nobody ever got the change. From the
 * newest on, so that the revert of a revert brings the first commit back.
 * @returns by index, why it does not count.
 */
function findUndone(
  commits: readonly HistoryCommit[],
  parsed: readonly (ConventionalCommit | null)[],
): ReadonlyMap<number, string> {
  const undone = new Map<number, string>();
  for (const [index, conventional] of parsed.entries()) {
    const commit = commits[index];
    if (!commit || !conventional || conventional.reverts.length === 0 || undone.has(index)) continue;
    const targets = conventional.reverts.map((id) =>
      commits.findIndex((other, at) => at > index && other.id.startsWith(id)),
    );
    for (const target of targets) {
      if (target >= 0) undone.set(target, `was taken back by ${shortId(commit.id)} before it was released`);
    }
    const onlyReverts = conventional.type === 'revert' && !conventional.breaking;
    if (onlyReverts && targets.every((target) => target >= 0)) {
      undone.set(index, `takes back ${conventional.reverts.map(shortId).join(', ')}, which was never released`);
    }
  }
  return undone;
}
