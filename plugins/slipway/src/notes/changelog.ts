import type { PlannedCommit } from '../plan/release-plan';
import { breakingEntryOf, entryOf } from './entry';
import { sanitizeLink } from './sanitize';
import { sortIntoSections } from './sections';

export interface ChangelogRelease {
  readonly version: string;
  /** Day of the release, `YYYY-MM-DD`. */
  readonly date: string;
  readonly commits: readonly PlannedCommit[];
  /** Page that shows all changes since the release before. */
  readonly compareUrl?: string;
}

/**
 * A release's section of CHANGELOG.md: the entries of the release notes, each with its commit.
 *
 * Written plainly rather than with conventional-changelog-writer: that one sorts commits and drops reverted ones by rules
 * of its own, which must be the plan's, and needs a template for each of the few lines here.
 * @returns Markdown that ends with a newline.
 */
export function renderChangelogSection({ version, date, commits, compareUrl }: ChangelogRelease): string {
  const { breaking, sections } = sortIntoSections(commits);
  const blocks = [`## [${version}] - ${date}`];
  if (compareUrl !== undefined) blocks.push(`All changes: ${sanitizeLink(compareUrl)}`);
  if (breaking.length > 0) blocks.push(group('Breaking Changes', breaking, breakingEntryOf));
  for (const section of sections) blocks.push(group(section.title, section.commits, entryOf));
  if (breaking.length === 0 && sections.length === 0) blocks.push('No changes that users would notice.');
  return `${blocks.join('\n\n')}\n`;
}

function group(title: string, commits: readonly PlannedCommit[], entry: (commit: PlannedCommit) => string): string {
  return [`### ${title}`, '', ...commits.map((commit) => `- ${entry(commit)} (${commit.id.slice(0, 7)})`)].join('\n');
}

const HEADER = '# Changelog\n\nWhat changed in each release, newest first.\n';

/**
 * Puts a release's section on top of a changelog's releases, after its introduction and an "Unreleased" section. A section
 * of the same version is replaced where it stands, so doing it twice is doing it once.
 * @param content of CHANGELOG.md, or null where there is none. Everything else in it stays as it is, to the byte; the
 * section takes over its line endings.
 */
export function prependChangelog(content: string | null, section: string, version: string): string {
  if (content === null || content.trim() === '') return `${HEADER}\n${section.trimEnd()}\n`;
  const eol = /\r\n|\n/.exec(content)?.[0] ?? '\n';
  const text = section.trimEnd().replace(/\r?\n/g, eol) + eol;
  const headings = findHeadings(content);
  const own = headings.findIndex((heading) => heading.version === version);
  const [start, end] =
    own >= 0 ? [headings[own]?.start ?? 0, endOfSection(content, headings, own)] : insertionPoint(content, headings);
  const before = content.slice(0, start);
  const after = content.slice(end);
  let gap = '';
  if (own < 0 && before.replace('\ufeff', '') !== '' && !before.endsWith(eol + eol))
    gap = before.endsWith('\n') ? eol : eol + eol;
  return before + gap + text + (after === '' ? '' : eol) + after;
}

interface Heading {
  readonly start: number;
  readonly level: number;
  /** Null where the heading names no version. */
  readonly version: string | null;
}

const VERSION_HEADING = /^\[?v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)(?![\w.])/;

/** Headings of the levels 1 to 3, without those inside fenced code. A fence that nothing closes is taken for text. */
function findHeadings(content: string): Heading[] {
  const lines = [...content.matchAll(/^(\ufeff?)(.*?)\r?$/gm)].map((match) => ({
    // The byte order mark stays in front of all.
    start: match.index + (match[1]?.length ?? 0),
    text: match[2] ?? '',
  }));
  const headings: Heading[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const { start, text } = lines[index] ?? { start: 0, text: '' };
    const fence = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1];
    if (fence !== undefined) {
      const close = lines.findIndex((line, at) => at > index && closes(line.text, fence));
      if (close >= 0) index = close;
      continue;
    }
    const heading = /^(#{1,3})[ \t]+(.*)$/.exec(text);
    if (heading === null) continue;
    const [, marks = '', title = ''] = heading;
    headings.push({ start, level: marks.length, version: VERSION_HEADING.exec(title)?.[1] ?? null });
  }
  return headings;
}

function closes(line: string, fence: string): boolean {
  const mark = line.trim();
  return mark.startsWith(fence) && mark === fence.charAt(0).repeat(mark.length);
}

/** A section runs to the next release, the next heading of its level or above, or the link definitions at the end of the file. */
function endOfSection(content: string, headings: readonly Heading[], index: number): number {
  const own = headings[index];
  const next = headings
    .slice(index + 1)
    .find((heading) => heading.version !== null || heading.level <= (own?.level ?? 1));
  return next?.start ?? startOfDefinitions(content, own?.start ?? 0);
}

function insertionPoint(content: string, headings: readonly Heading[]): [number, number] {
  const first = headings.find((heading) => heading.version !== null);
  const at = first?.start ?? startOfDefinitions(content, 0);
  return [at, at];
}

/** Where the block of `[1.0.0]: https://…` lines starts that closes the file; the file's length where there is none. */
function startOfDefinitions(content: string, from: number): number {
  let start = content.length;
  for (let end = content.length; end > from;) {
    // From a negative position lastIndexOf would look at the first character, and this would never end.
    const lineStart = end < 2 ? 0 : content.lastIndexOf('\n', end - 2) + 1;
    if (lineStart < from) break;
    const line = content.slice(lineStart, end).trim();
    if (/^\[[^\]]+\]:\s*\S/.test(line)) start = lineStart;
    else if (line !== '') break;
    end = lineStart;
  }
  return start;
}
