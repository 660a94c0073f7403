import type { ProjectRoot } from '../history/projects';
import type { HistoryCommit } from '../history/read';
import { classifyCommits } from '../plan/classify';
import type { PlannedCommit } from '../plan/release-plan';
import { breakingEntryOf, entryOf } from './entry';
import { sanitizeInline, sanitizeLink } from './sanitize';
import { sortIntoSections } from './sections';

/** The configuration's `notes`. */
export interface SupportLinks {
  readonly documentation?: string | undefined;
  readonly issues?: string | undefined;
  readonly contact?: string | undefined;
}

export interface ReleaseNotes {
  readonly version: string;
  /** Day of the release, `YYYY-MM-DD`. */
  readonly date: string;
  /** A plan's commits: all of them, this sorts out what readers see. */
  readonly commits: readonly PlannedCommit[];
  /** The release before, or null for the first one. */
  readonly previous: { readonly version: string } | null;
  /** Where the range begins, when that is not the release before: a tag, branch or commit as a person named it. */
  readonly since?: string;
  readonly support: SupportLinks;
  /** Page that shows all changes since the release before. */
  readonly compareUrl?: string;
}

/** The process document's upgrade instructions. */
const UPGRADE_STEPS = ['Backup your data', 'Update dependencies', 'Run migrations', 'Deploy new version'] as const;

/**
 * Release notes by the process document's template: breaking changes first where there are any, its sections without the
 * empty ones, and always the upgrade instructions and support.
 * @returns Markdown that ends with a newline. Commit text in it is neutralised.
 */
export function renderNotes(notes: ReleaseNotes): string {
  const { breaking, sections } = sortIntoSections(notes.commits);
  const blocks = [`# Release v${notes.version}`, introduction(notes)];
  if (breaking.length > 0) blocks.push(section('⚠ Breaking Changes', bullets(breaking.map(breakingEntryOf))));
  for (const { emoji, title, commits } of sections)
    blocks.push(section(`${emoji} ${title}`, bullets(commits.map(entryOf))));
  if (breaking.length === 0 && sections.length === 0)
    blocks.push('This release has no changes that its users would notice.');
  blocks.push(
    section(
      '🚀 Upgrade Instructions',
      UPGRADE_STEPS.map((step, index) => `${index + 1}. ${step}`),
    ),
  );
  blocks.push(section('📞 Support', bullets(supportLines(notes.support))));
  return `${blocks.join('\n\n')}\n`;
}

export interface RangeNotes extends Omit<ReleaseNotes, 'commits'> {
  readonly projects: readonly ProjectRoot[];
}

/** Release notes of any range of history, without a plan. @param commits newest first, as `readHistory` gives them. */
export function notesFromRange(commits: readonly HistoryCommit[], { projects, ...notes }: RangeNotes): string {
  return renderNotes({ ...notes, commits: classifyCommits(commits, projects) });
}

function introduction({ date, previous, since: start, compareUrl }: ReleaseNotes): string {
  const release = previous === null ? null : `v${sanitizeInline(previous.version)}`;
  const begin = start === undefined ? release : sanitizeInline(start);
  const since = begin === null ? 'The first release' : `Changes since ${begin}`;
  return `Released on ${date}. ${since}${compareUrl === undefined ? '' : `: ${sanitizeLink(compareUrl)}`}.`;
}

function supportLines({ documentation, issues, contact }: SupportLinks): string[] {
  const lines = [
    ['Documentation', documentation],
    ['Issues', issues],
    ['Support', contact],
  ].flatMap(([label, value]) =>
    value === undefined || value.trim() === '' ? [] : [`${label}: ${sanitizeLink(value)}`],
  );
  return lines.length > 0 ? lines : ['No support links are configured for this project.'];
}

function section(title: string, lines: readonly string[]): string {
  return [`## ${title}`, ...lines].join('\n');
}

function bullets(lines: readonly string[]): string[] {
  return lines.map((line) => `- ${line}`);
}
