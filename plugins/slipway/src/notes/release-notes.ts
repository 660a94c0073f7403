import type { PlannedCommit } from '../plan/release-plan';
import { isPrerelease } from '../version/next-version';
import { contributorsOf, isPart } from './contributors';
import { renderCoverage } from './coverage-comment';
import { writeRelease, type PresetStyle, type ReleaseFrame } from './preset';
import { compareUrlOf, toldCommits, type ReleaseFacts } from './release-facts';
import { sanitizeInline, sanitizeLink } from './sanitize';
import { sortIntoSections } from './sections';
import { understatement } from './understatement';
import { versionsTable } from './versions-table';

/** The configuration's `notes`. */
export interface SupportLinks {
  readonly documentation?: string | undefined;
  readonly issues?: string | undefined;
  readonly contact?: string | undefined;
}

export interface ReleaseNotes extends ReleaseFacts {
  readonly support: SupportLinks;
}

export const UPGRADE_HEADING = '🚀 Upgrade Instructions';
export const SUPPORT_HEADING = '📞 Support';
/** Not in the document's template: those who made the release are thanked last. */
export const CONTRIBUTORS_HEADING = '🙏 Contributors';
export const NOTHING_TO_TELL = 'This release has no changes that its users would notice.';

/** The process document's upgrade instructions. */
const UPGRADE_STEPS = ['Backup your data', 'Update dependencies', 'Run migrations', 'Deploy new version'] as const;

/**
 * Release notes by the process document's template: breaking changes first where there are any, its sections without the
 * empty ones, and always the upgrade instructions and support; then who made it. The last line is a comment that
 * `refreshNotes` goes by.
 * @returns Markdown that ends with a newline. Commit text in it is neutralised.
 */
export async function renderNotes(notes: ReleaseNotes): Promise<string> {
  return writeRelease(notesFrame(notes), toldCommits(notes), notesStyle(notes));
}

export function notesStyle({ links = null }: Pick<ReleaseFacts, 'links'>): PresetStyle {
  return { level: '##', airy: false, links, ids: false };
}

/** Commits whose changes or authors the notes name. */
export function coveredCommits(facts: ReleaseFacts): readonly PlannedCommit[] {
  return toldCommits(facts).filter(isPart);
}

function notesFrame(notes: ReleaseNotes): ReleaseFrame {
  const told = toldCommits(notes);
  const { breaking, sections } = sortIntoSections(told);
  const empty = breaking.length === 0 && sections.length === 0;
  const contributors = contributorsOf(told);
  const before = [introduction(notes), understatement(notes), versionsTable(notes), empty ? NOTHING_TO_TELL : null];
  return {
    heading: `# Release v${notes.version}`,
    before: before.filter((block) => block !== null),
    after: [
      section(
        UPGRADE_HEADING,
        UPGRADE_STEPS.map((step, index) => `${index + 1}. ${step}`),
      ),
      section(SUPPORT_HEADING, bullets(supportLines(notes.support))),
      ...(contributors.length > 0 ? [section(CONTRIBUTORS_HEADING, bullets(contributors))] : []),
      renderCoverage(coveredCommits(notes).map(({ id }) => id)),
    ],
  };
}

function introduction(notes: ReleaseNotes): string {
  const { date, since, version, hotfix = false } = notes;
  const kind = hotfix ? ' as a hotfix' : isPrerelease(version) ? ' as a pre-release, to try it out' : '';
  return `Released on ${date}${kind}. ${since === null ? 'The first release' : changes(since.name, compareUrlOf(notes))}.`;
}

function changes(since: string, url: string | null): string {
  const text = `Changes since ${sanitizeInline(since)}`;
  return url === null ? text : `[${text}](${url})`;
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

function section(heading: string, lines: readonly string[]): string {
  return [`## ${heading}`, ...lines].join('\n');
}

function bullets(lines: readonly string[]): string[] {
  return lines.map((line) => `- ${line}`);
}
