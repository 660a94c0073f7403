import type { PlannedCommit } from '../plan/release-plan';
import { shortId } from '../plan/classify';
import { contributorsOf } from './contributors';
import { findCoverage, renderCoverage } from './coverage-comment';
import { breakingEntryOf, entryOf } from './entry';
import { findHeadings } from './markdown-headings';
import type { ReleaseFacts } from './release-facts';
import {
  CONTRIBUTORS_HEADING,
  coveredCommits,
  NOTHING_TO_TELL,
  notesStyle,
  SUPPORT_HEADING,
  UPGRADE_HEADING,
} from './release-notes';
import { BREAKING_HEADING, isBreaking, SECTIONS, sectionOf } from './sections';

export interface RefreshedNotes {
  readonly content: string;
  /** Commits that a text of somebody's own says nothing of, as far as can be seen. Empty for generated notes. */
  readonly missing: readonly PlannedCommit[];
}

/** In the order in which they stand. */
const HEADINGS = [
  BREAKING_HEADING,
  ...SECTIONS.map(({ heading }) => heading),
  UPGRADE_HEADING,
  SUPPORT_HEADING,
  CONTRIBUTORS_HEADING,
];

/**
 * Brings notes that people may have edited up to date: changes of commits that came since go below their headings, which
 * are made where they are missing. All else stays as it is, to the byte: what was reworded, moved, added or deleted. Doing
 * it twice is doing it once.
 *
 * Notes without the comment of generated ones are somebody's own, and are left alone.
 * @param existing of the file. New lines take over its line ends.
 */
export function refreshNotes(existing: string, facts: ReleaseFacts): RefreshedNotes {
  const coverage = findCoverage(existing);
  if (coverage === null) return { content: existing, missing: missingFrom(existing, facts) };
  const covered = coveredCommits(facts);
  const fresh = covered.filter(({ id }) => !coverage.covers(id));
  if (fresh.length === 0) return { content: existing, missing: [] };
  const eol = /\r?\n/.exec(existing)?.[0] ?? '\n';
  const ids = [...fresh.map(({ id }) => id), ...coverage.ids];
  let content = existing.slice(0, coverage.start) + renderCoverage(ids) + existing.slice(coverage.end);
  const additions = additionsOf(fresh, covered, facts);
  // Once there is something to tell, the sentence is no longer true.
  if ([...additions.keys()].some((heading) => heading !== CONTRIBUTORS_HEADING))
    content = content.replace(`${eol}${NOTHING_TO_TELL}${eol}${eol}`, eol);
  for (const [heading, entries] of additions) content = addEntries(content, heading, entries, eol);
  return { content, missing: [] };
}

/** New items by their heading, in the order of the headings. */
function additionsOf(
  fresh: readonly PlannedCommit[],
  covered: readonly PlannedCommit[],
  facts: ReleaseFacts,
): ReadonlyMap<string, readonly string[]> {
  const style = notesStyle(facts);
  const known = new Set(contributorsOf(covered.filter((commit) => !fresh.includes(commit))));
  const newcomers = contributorsOf(fresh).filter((name) => !known.has(name));
  const entries: [string, readonly string[]][] = [
    [BREAKING_HEADING, fresh.filter(isBreaking).map((commit) => breakingEntryOf(commit, style))],
    ...SECTIONS.map(({ id, heading }): [string, readonly string[]] => [
      heading,
      fresh.filter((commit) => sectionOf(commit) === id).map((commit) => entryOf(commit, style)),
    ]),
    [CONTRIBUTORS_HEADING, newcomers.map((name) => `- ${name}`)],
  ];
  return new Map(entries.filter(([, items]) => items.length > 0));
}

function addEntries(content: string, heading: string, entries: readonly string[], eol: string): string {
  const text = entries.join('\n').replaceAll('\n', eol);
  const headings = findHeadings(content);
  const at = headings.findIndex(({ title }) => wordsOf(title) === wordsOf(heading));
  if (at >= 0) {
    const own = headings[at];
    const limit = Math.min(headings[at + 1]?.start ?? content.length, startOfComment(content, own?.start ?? 0));
    const end =
      own === undefined ? limit : Math.max(own.end, own.start + content.slice(own.start, limit).trimEnd().length);
    const last = content.slice(0, end).split('\n').at(-1) ?? '';
    // Items go on a list, or stand right below their heading as generated ones do; prose needs an empty line after it.
    const gap = end === own?.end || /^\s*(?:[-*+]|\d+[.)])\s|^\s{2,}\S/.test(last) ? eol : eol + eol;
    return content.slice(0, end) + gap + text + content.slice(end);
  }
  const later = new Set(HEADINGS.slice(HEADINGS.indexOf(heading) + 1).map(wordsOf));
  const next = headings.find(({ title }) => later.has(wordsOf(title)))?.start ?? startOfComment(content, 0);
  const before = content.slice(0, next);
  const gap = before === '' || before.endsWith(eol + eol) ? '' : before.endsWith(eol) ? eol : eol + eol;
  return `${before}${gap}## ${heading}${eol}${text}${eol}${eol}${content.slice(next)}`;
}

/** What a heading says, whatever emoji and spaces people put around it. */
function wordsOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Of the coverage comment, where it stands behind a place; else the end of the text. */
function startOfComment(content: string, from: number): number {
  const start = findCoverage(content)?.start ?? content.length;
  return start >= from ? start : content.length;
}

function missingFrom(existing: string, facts: ReleaseFacts): PlannedCommit[] {
  const flat = existing.replace(/\s+/g, ' ');
  return coveredCommits(facts).filter(
    (commit) =>
      (sectionOf(commit) !== null || isBreaking(commit)) &&
      !flat.includes(shortId(commit.id)) &&
      !flat.includes(commit.subject),
  );
}
