import type { CommitKnownProps, Options } from 'conventional-changelog-writer' with { 'resolution-mode': 'import' };
import type { PlannedCommit } from '../plan/release-plan';
import { breakingEntryOf, entryOf, type EntryStyle } from './entry';
import { BREAKING_HEADING, isBreaking, SECTIONS, sectionOf } from './sections';

/** What conventional-changelog-writer gets: a release's frame, then its commits. */
export interface PresetCommit extends CommitKnownProps {
  readonly frame?: ReleaseFrame;
  readonly planned?: PlannedCommit;
  /** Set by the preset: heading of its section, and its item. */
  readonly section?: string;
  readonly entry?: string;
}

/** What stands around the sections of one release. Each is Markdown without line ends around it. */
export interface ReleaseFrame {
  readonly heading: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export interface PresetStyle extends EntryStyle {
  /** Marks of the sections' headings, such as `##`. */
  readonly level: string;
  /** Whether an empty line follows a heading. */
  readonly airy: boolean;
}

export interface ChangelogPreset {
  readonly commits: Readonly<Record<string, unknown>>;
  readonly parser: Readonly<Record<string, unknown>>;
  readonly writer: Options<PresetCommit>;
}

/** Sorting is stable, so this keeps the order of the plan: newest first. */
const asPlanned = (): number => 0;

/**
 * The one preset of changelogs and release notes, for conventional-changelog-core and -writer alike.
 *
 * What a commit is, and whether it counts, was decided when the plan was made. So core reads ids only, and those stand for
 * commits that history/ has parsed: its own framing of messages by marker lines could be forged by a message. And the
 * writer neither filters reverts (by a rule of its own), nor sorts, nor shortens, nor renders a commit's own words as a
 * template.
 */
export function changelogPreset(style: PresetStyle): ChangelogPreset {
  const order = SECTIONS.map(({ heading }) => heading);
  return {
    commits: { format: '%H', merges: undefined },
    parser: {
      headerPattern: /^([0-9a-f]{40,64})$/,
      headerCorrespondence: ['hash'],
      noteKeywords: [],
      issuePrefixes: [],
    },
    writer: {
      groupBy: 'section',
      commitGroupsSort: (a, b) => order.indexOf(a.title) - order.indexOf(b.title),
      commitsSort: asPlanned,
      noteGroupsSort: asPlanned,
      notesSort: asPlanned,
      ignoreReverted: false,
      generateOn: ({ frame }) => frame !== undefined,
      transform: ({ planned }) => (planned === undefined ? null : patchOf(planned, style)),
      finalizeContext: (context) => context,
      mainTemplate: templateOf(style),
    },
  };
}

/** Null for a commit that readers have no use for. */
function patchOf(planned: PlannedCommit, style: EntryStyle): Partial<PresetCommit> | null {
  const section = SECTIONS.find(({ id }) => id === sectionOf(planned))?.heading;
  const notes = isBreaking(planned) ? [{ title: BREAKING_HEADING, text: breakingEntryOf(planned, style) }] : [];
  if (section === undefined) return notes.length === 0 ? null : { section: '', notes };
  return { section, entry: entryOf(planned, style), notes };
}

/**
 * Everything in one template: partials of Handlebars are global, so those of two presets at work would mix. The writer
 * compiles it with escaping off; what comes in is harmless Markdown already.
 */
function templateOf({ level, airy }: PresetStyle): string {
  const gap = airy ? '\n' : '';
  return `{{#if frame}}
{{frame.heading}}
{{#each frame.before}}

{{this}}
{{/each}}
{{#each noteGroups}}

${level} {{title}}
${gap}{{#each notes}}
{{text}}
{{/each}}
{{/each}}
{{#each commitGroups}}
{{#if title}}

${level} {{title}}
${gap}{{#each commits}}
{{entry}}
{{/each}}
{{/if}}
{{/each}}
{{#each frame.after}}

{{this}}
{{/each}}
{{/if}}
`;
}

/** A release as the writer takes it. */
export function presetCommits(frame: ReleaseFrame, commits: readonly PlannedCommit[]): PresetCommit[] {
  return [{ frame, notes: [] }, ...commits.map((planned): PresetCommit => ({ planned, notes: [] }))];
}

/** One release as Markdown that ends with a newline, from commits that were read and judged before. */
export async function writeRelease(
  frame: ReleaseFrame,
  commits: readonly PlannedCommit[],
  style: PresetStyle,
): Promise<string> {
  // An ES module, and needed by few: it loads when something is written.
  const { writeChangelogString } = await import('conventional-changelog-writer');
  return writeChangelogString(presetCommits(frame, commits), {}, changelogPreset(style).writer);
}
