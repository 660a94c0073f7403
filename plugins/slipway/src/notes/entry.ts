import type { PlannedCommit } from '../plan/release-plan';
import { sanitizeInline } from './sanitize';

/** A commit as an entry of notes, in the template's form `Feature A: Description`. One line of harmless Markdown. */
export function entryOf(commit: PlannedCommit): string {
  return withScope(commit, commit.type === 'revert' ? `Reverted: ${commit.subject}` : commit.subject);
}

/** A breaking change: what its footer says, or its subject where it has none. */
export function breakingEntryOf(commit: PlannedCommit): string {
  return withScope(commit, commit.breakingNote ?? commit.subject);
}

// As one piece, so that markup can't be put together from a scope and a subject.
function withScope(commit: PlannedCommit, text: string): string {
  return sanitizeInline(commit.scope === null ? text : `${commit.scope}: ${text}`);
}
