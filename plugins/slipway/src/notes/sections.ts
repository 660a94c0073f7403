import type { PlannedCommit } from '../plan/release-plan';

export type SectionId = 'features' | 'fixes' | 'improvements' | 'documentation';

export interface SectionKind {
  readonly id: SectionId;
  /** Emoji and words. */
  readonly heading: string;
  readonly types: readonly string[];
}

export interface Section extends SectionKind {
  readonly commits: readonly PlannedCommit[];
}

export interface NotesContent {
  /** Shown first where there are any; each is also in the section of its type. */
  readonly breaking: readonly PlannedCommit[];
  /** In the template's order; empty ones are left out. */
  readonly sections: readonly Section[];
}

/** The sections of the process document's release notes, in its order and words. */
export const SECTIONS: readonly SectionKind[] = [
  { id: 'features', heading: '🎉 New Features', types: ['feat'] },
  { id: 'fixes', heading: '🐛 Bug Fixes', types: ['fix', 'security', 'revert'] },
  { id: 'improvements', heading: '🔧 Improvements', types: ['perf', 'refactor'] },
  { id: 'documentation', heading: '📚 Documentation', types: ['docs'] },
];

/** Not in the document's template, which has no place for what readers must know first. */
export const BREAKING_HEADING = '⚠️ Breaking Changes';

/** The section a commit belongs to; null where readers of release notes have no use for it. */
export function sectionOf(commit: PlannedCommit): SectionId | null {
  if (!isReported(commit)) return null;
  return SECTIONS.find((section) => commit.type !== null && section.types.includes(commit.type))?.id ?? null;
}

export function isBreaking(commit: PlannedCommit): boolean {
  return commit.breaking && isReported(commit);
}

/** Sorts commits into the template's sections, keeping their order. */
export function sortIntoSections(commits: readonly PlannedCommit[]): NotesContent {
  return {
    breaking: commits.filter(isBreaking),
    sections: SECTIONS.map((kind) => ({
      ...kind,
      commits: commits.filter((commit) => sectionOf(commit) === kind.id),
    })).filter((section) => section.commits.length > 0),
  };
}

/** What counts, and what only its type keeps from counting: documentation is worth a line, a commit of another project is not. */
function isReported(commit: PlannedCommit): boolean {
  if (commit.projects.length === 0) return false;
  return commit.demands !== null || commit.skippedAs === undefined || commit.skippedAs === 'type';
}
