import { coAuthorsOf } from '../history/co-authors';
import { parseChanges } from '../history/parse-changes';
import type { ConventionalCommit } from '../history/parse-commit';
import { printable, printableLine } from '../history/printable';
import type { ProjectRoot } from '../history/projects';
import type { HistoryCommit } from '../history/read';
import { demandOf, largestReleaseType, type DemandPolicy, type ReleaseType } from '../version/release-type';
import type { PlannedCommit, SkipKind } from './release-plan';
import { findReverts, type Reverts } from './reverts';
import { isNews, readTouches, type Touch } from './touches';
import { uniteRanges, type Union } from './union';

export interface ClassifyInput {
  readonly lines: readonly ClassifiedLine[];
  readonly ownerLine: string;
  readonly projects: readonly ProjectRoot[];
  readonly broughtBy: (merge: string) => readonly string[];
  readonly policy: CommitPolicy;
  /** Whether a pre-release is made: who has the one before gets what it is to lose, too. Default: a final one. */
  readonly prerelease?: boolean;
}

/** How commits are read; `commits` of slipway.json. */
export interface CommitPolicy extends DemandPolicy {
  /** Globs of files that make no project touched. */
  readonly ignore: readonly string[];
}

/** A line, as far as its commits go. */
interface ClassifiedLine {
  readonly name: string;
  readonly projects: readonly string[];
  /** What tells whether it is below 1.0.0. */
  readonly version: string | null;
  readonly commits: readonly HistoryCommit[];
  readonly prereleases: ReadonlyMap<string, string>;
}

export interface Classified {
  /** Every change that is new for a line, newest first; all text in them is safe to print. */
  readonly commits: readonly PlannedCommit[];
  /** By line, what counts for it, newest first. */
  readonly counted: ReadonlyMap<string, readonly Counted[]>;
}

/** A change that demands something of a line. */
export interface Counted {
  readonly commit: PlannedCommit;
  readonly demands: ReleaseType;
  /** The end of a sentence about the commit. */
  readonly why: string;
  /** Members of the line that it touches. */
  readonly projects: readonly string[];
  /** The pre-release of the line that holds it already. */
  readonly prerelease: string | null;
}

/** How messages are read where nobody says otherwise. */
const STANDARD: CommitPolicy = { types: {}, breakingBelowOne: 'major', ignore: [] };

/**
 * Says of each commit of one range what it demands of the release, or why it does not count.
 * @param commits newest first, as history gives them.
 * @param projects the members of the release.
 */
export function classifyCommits(
  commits: readonly HistoryCommit[],
  projects: readonly ProjectRoot[],
  policy: CommitPolicy = STANDARD,
  broughtBy: ClassifyInput['broughtBy'] = () => [],
): readonly PlannedCommit[] {
  const names = projects.map(({ name }) => name);
  const line = { name: 'release', projects: names, version: null, commits, prereleases: new Map<string, string>() };
  return classifyHistory({ lines: [line], ownerLine: line.name, projects, broughtBy, policy }).commits;
}

/**
 * Says of each change what it demands of which line, or why it does not count. Linear in commits and the files they touch.
 *
 * A commit is left out only where it is no news to any line: each project that it touches was released with it before.
 */
export function classifyHistory(input: ClassifyInput): Classified {
  const union = uniteRanges(input.lines.map(({ commits }) => commits));
  const changes = union.commits.map(({ message }) => parseChanges(message, Object.keys(input.policy.types)));
  const reverts = findReverts(union, changes, input.broughtBy);
  const touches = readTouches(union, input);
  const context: Context = { input, union, changes, reverts, touches, person: remembered(printableLine) };
  const commits: PlannedCommit[] = [];
  const counted = new Map<string, Counted[]>(input.lines.map(({ name }) => [name, []]));
  union.commits.forEach((commit, position) => {
    const touch = touches[position];
    if (touch === undefined || !isNews(touch)) return;
    const own = changes[position] ?? [];
    for (const change of own.length > 0 ? own : [null])
      commits.push(classifyChange(context, commit, position, change, counted));
  });
  return { commits, counted };
}

function remembered(make: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    let made = known.get(text);
    if (made === undefined) known.set(text, (made = make(text)));
    return made;
  };
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

interface Context {
  readonly input: ClassifyInput;
  readonly union: Union;
  readonly changes: readonly (readonly ConventionalCommit[])[];
  readonly reverts: Reverts;
  readonly touches: readonly Touch[];
  /** Safe to print; the same few people wrote most commits. */
  readonly person: (text: string) => string;
}

function classifyChange(
  context: Context,
  commit: HistoryCommit,
  position: number,
  change: ConventionalCommit | null,
  counted: ReadonlyMap<string, Counted[]>,
): PlannedCommit {
  const { lines, projects, policy } = context.input;
  const touch = context.touches[position];
  const touchedLines = (touch?.lines ?? []).flatMap((index) => lines[index] ?? []);
  const touched = new Set((touch?.projects ?? []).map((index) => projects[index]?.name ?? ''));
  const byLine = touchedLines.map((line) => ({
    line,
    projects: line.projects.filter((name) => touched.has(name)),
    prerelease: line.prereleases.get(commit.id) ?? null,
  }));
  const isNew = new Set(byLine.flatMap((one) => one.projects));
  const base = {
    id: commit.id,
    author: context.person(commit.author),
    email: context.person(commit.email),
    ...coAuthors(commit, context),
    date: commit.date,
    type: change?.type ?? null,
    scope: change?.scope ?? null,
    subject: change?.subject ?? printableLine(printable(commit.message).trim().split('\n')[0] ?? ''),
    breaking: change?.breaking ?? false,
    breakingNote: change?.breakingNote ?? null,
    references: change?.references ?? [],
    // What one line has in a pre-release may be new in another.
    prerelease: byLine.every(({ prerelease }) => prerelease !== null) ? (byLine[0]?.prerelease ?? null) : null,
    projects: [...touched].filter((name) => isNew.has(name)),
  };
  const skip = skipOf(context, commit, position, change, base.prerelease);
  if (skip !== null || change === null)
    return { ...base, demands: null, skipped: skip?.why ?? '', skippedAs: skip?.kind ?? 'unconventional' };
  const demands = byLine.map((one) => ({
    ...one,
    demand: cancelsIn(context, position, change, one.line)
      ? cancelled(context, position, change, one.line)
      : demandOf(change, policy, one.line.version),
  }));
  const largest = largestReleaseType(demands.map(({ demand }) => demand.type));
  if (largest === null) {
    const why = demands[0]?.demand.why ?? demandOf(change, policy).why;
    const reverted = demands.some(({ line }) => cancelsIn(context, position, change, line));
    return { ...base, demands: null, skipped: why, skippedAs: reverted ? 'reverted' : 'type' };
  }
  const planned: PlannedCommit = { ...base, demands: largest, skipped: null };
  for (const { line, projects: own, prerelease, demand } of demands) {
    if (demand.type !== null)
      counted
        .get(line.name)
        ?.push({ commit: planned, demands: demand.type, why: demand.why, projects: own, prerelease });
  }
  return planned;
}

interface Skip {
  readonly kind: SkipKind;
  /** The end of a sentence about the commit. */
  readonly why: string;
}

/** Why a change counts for no line; null where its type decides. */
function skipOf(
  context: Context,
  commit: HistoryCommit,
  position: number,
  change: ConventionalCommit | null,
  prerelease: string | null,
): Skip | null {
  const { union, reverts, touches } = context;
  const merge = commit.parents.length > 1;
  if (merge && change === null) return { kind: 'merge', why: 'is a merge, whose commits are listed themselves' };
  if (change?.type === 'chore' && change.scope === 'release')
    return { kind: 'release', why: 'is the commit of a release' };
  const touch = touches[position];
  if (touch?.ignored) return { kind: 'ignored', why: 'touches only files that commits.ignore names' };
  if ((touch?.projects.length ?? 0) === 0) {
    return merge
      ? { kind: 'merge', why: 'is a merge that brings nothing to a project of the release' }
      : { kind: 'outside', why: 'touches no project of the release' };
  }
  const undone = reverts.undoneBy.get(position);
  if (undone !== undefined) {
    const by = shortId(union.commits[undone]?.id ?? '');
    const when = prerelease === null ? 'before it was released' : `after ${prerelease}`;
    return { kind: 'reverted', why: `was taken back by ${by} ${when}` };
  }
  if (change === null) return { kind: 'unconventional', why: 'has no conventional message, such as "fix: …"' };
  if (merge && isRepeated(context, commit, change))
    return { kind: 'merge', why: 'is a merge, and one of its commits makes the same change' };
  return null;
}

/** Also where only the commit breaks something; not where only the merge does, since then it says more. */
function isRepeated(
  { input, union, changes }: Context,
  merge: HistoryCommit,
  { type, subject, breaking }: ConventionalCommit,
): boolean {
  const isSame = (other: ConventionalCommit): boolean =>
    other.type === type && other.subject === subject && (other.breaking || !breaking);
  return input.broughtBy(merge.id).some((id) => changes[union.at.get(id) ?? -1]?.some(isSame));
}

/** Whether a change does no more than take back what is new in this line too, so that neither reaches anyone. */
function cancelsIn(
  { input, union, reverts, touches }: Context,
  position: number,
  change: ConventionalCommit,
  line: ClassifiedLine,
): boolean {
  if (change.type !== 'revert' || change.breaking || change.reverts.length === 0) return false;
  const targets = reverts.targets.get(position);
  if (targets === undefined) return false;
  const index = input.lines.indexOf(line);
  const own = new Set(line.projects);
  const held = heldBy(union, line, position);
  return targets.every((target) => {
    const touch = touches[target];
    if (touch === undefined || (input.prerelease === true && heldBy(union, line, target) !== held)) return false;
    const concerns = touch.projects.some((project) => own.has(input.projects[project]?.name ?? ''));
    return !concerns || touch.lines.includes(index);
  });
}

/** Most commits have none, so the field is left out then. */
function coAuthors({ message }: HistoryCommit, { person }: Context): Pick<PlannedCommit, 'coAuthors'> {
  const people = coAuthorsOf(message);
  if (people.length === 0) return {};
  return { coAuthors: people.map(({ name, email }) => ({ name: person(name), email: person(email) })) };
}

/** The pre-release of a line that holds a commit already. */
function heldBy({ commits }: Union, { prereleases }: ClassifiedLine, position: number): string | null {
  return prereleases.get(commits[position]?.id ?? '') ?? null;
}

function cancelled(
  { union, reverts }: Context,
  position: number,
  change: ConventionalCommit,
  line: ClassifiedLine,
): { readonly type: null; readonly why: string } {
  const tried = reverts.targets.get(position)?.some((target) => heldBy(union, line, target) !== null) ?? false;
  const where = tried ? 'which no final release holds' : 'which was never released';
  return { type: null, why: `takes back ${change.reverts.map(shortId).join(', ')}, ${where}` };
}
