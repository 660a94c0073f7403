import { findHeadings, type MarkdownHeading } from './markdown-headings';
import { writeRelease, type PresetStyle, type ReleaseFrame } from './preset';
import { compareUrlOf, toldCommits, type ReleaseFacts } from './release-facts';
import { sortIntoSections } from './sections';
import { understatement } from './understatement';
import { versionsTable } from './versions-table';

/**
 * A release's section of CHANGELOG.md: the entries of the release notes, each with its commit.
 * @returns Markdown that ends with a newline. Commit text in it is neutralised.
 */
export async function renderChangelogSection(facts: ReleaseFacts): Promise<string> {
  return writeRelease(changelogFrame(facts), toldCommits(facts), changelogStyle(facts));
}

export function changelogStyle({ links = null }: Pick<ReleaseFacts, 'links'>): PresetStyle {
  return { level: '###', airy: true, links, ids: true };
}

export function changelogFrame(facts: ReleaseFacts): ReleaseFrame {
  const { version, date } = facts;
  const url = compareUrlOf(facts);
  const { breaking, sections } = sortIntoSections(toldCommits(facts));
  const empty = breaking.length === 0 && sections.length === 0;
  const before = [understatement(facts), versionsTable(facts), empty ? 'No changes that users would notice.' : null];
  return {
    heading: `## [${version}]${url === null ? '' : `(${url})`} - ${date}`,
    before: before.filter((block) => block !== null),
    after: [],
  };
}

/** What a changelog begins with. */
export const CHANGELOG_HEADER = '# Changelog\n\nWhat changed in each release, newest first.\n';

/**
 * Puts a release's section on top of a changelog's releases, after its introduction and an "Unreleased" section. A section
 * of the same version is replaced where it stands, so doing it twice is doing it once.
 * @param content of CHANGELOG.md, or null where there is none. Everything else in it stays as it is, to the byte; the
 * section takes over its line endings.
 */
export function prependChangelog(content: string | null, section: string, version: string): string {
  if (content === null || content.trim() === '') return `${CHANGELOG_HEADER}\n${section.trimEnd()}\n`;
  const eol = /\r\n|\n/.exec(content)?.[0] ?? '\n';
  const text = section.trimEnd().replace(/\r?\n/g, eol) + eol;
  const headings = findReleases(content);
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

/** What a changelog says of a version, without its heading; null where it does not name it. */
export function changelogSection(content: string, version: string): string | null {
  const headings = findReleases(content);
  const own = headings.findIndex((heading) => heading.version === version);
  const heading = headings[own];
  return heading === undefined ? null : content.slice(heading.end, endOfSection(content, headings, own)).trim();
}

interface Heading extends MarkdownHeading {
  /** Null where the heading names no version. */
  readonly version: string | null;
}

const VERSION_HEADING = /^\[?v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)(?![\w.])/;

function findReleases(content: string): Heading[] {
  return findHeadings(content).map((heading) => ({
    ...heading,
    version: VERSION_HEADING.exec(heading.title)?.[1] ?? null,
  }));
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
