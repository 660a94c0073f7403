import type { PlannedCommit, SkipKind } from '../plan/release-plan';
import { sanitizeInline } from './sanitize';

const NO_PART: ReadonlySet<SkipKind | undefined> = new Set<SkipKind>([
  'merge',
  'release',
  'outside',
  'ignored',
  'reverted',
]);

/** Whether a commit is part of what a release brings, be it worth a line in its notes or not. */
export function isPart(commit: PlannedCommit): boolean {
  return !NO_PART.has(commit.skippedAs);
}

/** Programs that commit, by the names that hosts give them. */
const PROGRAM = /\[bot\]$/i;

/**
 * Who made the release, authors and co-authors, by name only: an address is nobody else's business. Each person once, also one who commits under
 * several names from one address; programs are not thanked.
 * @returns harmless Markdown, in alphabetical order.
 */
export function contributorsOf(commits: readonly PlannedCommit[]): string[] {
  const byAddress = new Map<string, string>();
  const people = commits
    .filter(isPart)
    .flatMap(({ author, email, coAuthors = [] }) => [{ name: author, email }, ...coAuthors]);
  for (const { name: written, email } of people) {
    const name = sanitizeInline(written);
    if (name === '' || PROGRAM.test(written)) continue;
    const key = email.toLowerCase() || name;
    if (!byAddress.has(key)) byAddress.set(key, name);
  }
  return [...new Set(byAddress.values())].sort((a, b) => a.localeCompare(b, 'en'));
}
