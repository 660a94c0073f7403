import { shortId } from '../plan/classify';
import type { PlannedCommit } from '../plan/release-plan';
import { sanitizeBlocks } from './blocks';
import type { RemoteLinks } from './remote-links';
import { sanitizeInline } from './sanitize';

export interface EntryStyle {
  /** Null where the remote's pages are not known. */
  readonly links: RemoteLinks | null;
  /** Whether a commit is named where it can't be linked to. */
  readonly ids: boolean;
}

/** A commit as an item of notes, in the template's form `- Feature A: Description`. One line of harmless Markdown. */
export function entryOf(commit: PlannedCommit, style: EntryStyle): string {
  const { text, sources } = withSources(commit, style);
  return `- ${withScope(commit, commit.type === 'revert' ? `Reverted: ${text}` : text)}${sources}`;
}

/**
 * A breaking change: what its footer says, or its subject where it has none. More than one paragraph, lists and code stand
 * below the item's first line.
 */
export function breakingEntryOf(commit: PlannedCommit, style: EntryStyle): string {
  const { text, sources } = withSources(commit, style);
  const note = commit.breakingNote ?? '';
  const [first, ...others] = beginsWithParagraph(note) ? sanitizeBlocks(scoped(commit, note)) : [];
  const lead = first?.kind === 'paragraph' ? first.lines.join(' ') : withScope(commit, text);
  const below = first?.kind === 'paragraph' ? others : sanitizeBlocks(note);
  const lines = below.flatMap((block) => ['', ...block.lines]);
  return [`- ${lead}${sources}`, ...lines.map((line) => (line === '' ? '' : `  ${line}`))].join('\n');
}

/** A list or code needs a line above it. */
function beginsWithParagraph(note: string): boolean {
  return sanitizeBlocks(note)[0]?.kind === 'paragraph';
}

// As one piece, so that markup can't be put together from a scope and a subject.
function withScope(commit: PlannedCommit, text: string): string {
  return sanitizeInline(scoped(commit, text));
}

function scoped({ scope }: PlannedCommit, text: string): string {
  return scope === null ? text : `${scope}: ${text}`;
}

/** Where to read more: issues and the commit. An issue at the end of the text, as hosts write it, moves there. */
function withSources(commit: PlannedCommit, { links, ids }: EntryStyle): { text: string; sources: string } {
  let text = commit.subject;
  if (links === null) return { text, sources: ids ? ` (${shortId(commit.id)})` : '' };
  const sources: string[] = [];
  for (const reference of new Set(commit.references)) {
    const url = links.issue(reference);
    if (url === null) continue;
    sources.push(`[${reference}](${url})`);
    if (text.endsWith(` (${reference})`)) text = text.slice(0, -` (${reference})`.length);
  }
  sources.push(`[${shortId(commit.id)}](${links.commit(commit.id)})`);
  return { text, sources: ` (${sources.join(', ')})` };
}
