import type { PlannedCommit } from '../plan/release-plan';

export type SectionId = 'features' | 'fixes' | 'improvements' | 'documentation';

export interface Section {
  readonly id: SectionId;
  readonly title: string;
  readonly emoji: string;
  readonly commits: readonly PlannedCommit[];
}

export interface NotesContent {
  /** Shown first where there are any; each is also in the section of its type. */
  readonly breaking: readonly PlannedCommit[];
  /** In the template's order; empty ones are left out. */
  readonly sections: readonly Section[];
}

/** The sections of the process document's release notes, in its order and words. */
const SECTIONS: readonly {
  readonly id: SectionId;
  readonly title: string;
  readonly emoji: string;
  readonly types: readonly string[];
}[] = [
  { id: 'features', title: 'New Features', emoji: '🎉', types: ['feat'] },
  { id: 'fixes', title: 'Bug Fixes', emoji: '🐛', types: ['fix', 'security', 'revert'] },
  { id: 'improvements', title: 'Improvements', emoji: '🔧', types: ['perf', 'refactor'] },
  { id: 'documentation', title: 'Documentation', emoji: '📚', types: ['docs'] },
];

/** The section a commit belongs to; null where readers of release notes have no use for it. */
export function sectionOf(commit: PlannedCommit): SectionId | null {
  if (!isReported(commit)) return null;
  return SECTIONS.find((section) => commit.type !== null && section.types.includes(commit.type))?.id ?? null;
}

/** Sorts commits into the template's sections, keeping their order. */
export function sortIntoSections(commits: readonly PlannedCommit[]): NotesContent {
  return {
    breaking: commits.filter((commit) => commit.breaking && isReported(commit)),
    sections: SECTIONS.map(({ id, title, emoji }) => ({
      id,
      title,
      emoji,
      commits: commits.filter((commit) => sectionOf(commit) === id),
    })).filter((section) => section.commits.length > 0),
  };
}

/** What counts, and what only its type keeps from counting: documentation is worth a line, a commit of another project is not. */
function isReported(commit: PlannedCommit): boolean {
  if (commit.projects.length === 0) return false;
  return commit.demands !== null || commit.skippedAs === undefined || commit.skippedAs === 'type';
}
