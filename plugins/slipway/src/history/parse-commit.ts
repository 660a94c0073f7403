import { printable, printableLine } from './printable';

/** A commit message that keeps to Conventional Commits 1.0.0, or one that `git revert` wrote. */
export interface ConventionalCommit {
  /** In lower case. `revert` for a message that `git revert` wrote. */
  readonly type: string;
  readonly scope: string | null;
  /** On one line, safe to print. For a message that `git revert` wrote: the subject of the reverted commit. */
  readonly subject: string;
  readonly breaking: boolean;
  /** Text of the BREAKING CHANGE footers, paragraphs kept; null where there is none. */
  readonly breakingNote: string | null;
  readonly footers: readonly Footer[];
  /** Ids, full or abbreviated, of the commits it takes back. */
  readonly reverts: readonly string[];
}

export interface Footer {
  /** As it is written, e.g. `Reviewed-by`. */
  readonly token: string;
  /** May span lines and paragraphs, as the specification allows. */
  readonly value: string;
}

const HEADER = /^(?<type>\p{L}[\p{L}\p{N}_-]*)(?:\((?<scope>[^()]+)\))?(?<mark>!)?: +(?<subject>\S.*)$/u;
const FOOTER =
  /^(?:(?<breaking>BREAKING[ -]CHANGE)(?:: (?<change>.*)|:$)|(?<token>[A-Za-z][A-Za-z0-9-]*)(?:: +| (?=#))(?<value>\S.*))$/;
const GIT_REVERT = /^Revert "(?<subject>.*)"$/;
const GIT_REVERT_SENTENCE = /^This reverts commit (?<id>[0-9a-f]{7,64})\b/gm;
const CHERRY_PICK = /^\(cherry picked from commit [0-9a-f]{7,64}\)$/;

/**
 * Reads a commit message by Conventional Commits 1.0.0.
 *
 * Ours rather than conventional-commits-parser's, which takes a line that starts with BREAKING CHANGE anywhere in the
 * body for a footer and runs other footers into its text. Where both can be right, a test holds them to the same result.
 *
 * Two things are read generously, because git itself brings them about: a `BREAKING CHANGE:` at the end of its line with
 * the text below it (git strips the space), and `git revert`'s own message, which counts as type `revert`.
 *
 * @returns null where the message keeps to neither.
 */
export function parseCommit(message: string): ConventionalCommit | null {
  const lines = printable(message)
    .replace(/^\s*\n/, '')
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd());
  const header = lines[0] ?? '';
  const rest = lines.slice(1);
  const taken = [...rest.join('\n').matchAll(GIT_REVERT_SENTENCE)].map((match) => match.groups?.['id'] ?? '');

  const match = HEADER.exec(header);
  if (!match || match.groups?.['scope']?.trim() === '') {
    if (taken.length === 0) return null;
    const subject = printableLine(GIT_REVERT.exec(header)?.groups?.['subject'] ?? header);
    return { type: 'revert', scope: null, subject, breaking: false, breakingNote: null, footers: [], reverts: taken };
  }

  const { type = '', scope, mark, subject = '' } = match.groups ?? {};
  const footers = readFooters(rest);
  const notes = footers.filter(isBreaking).map((footer) => footer.value);
  const lowered = type.toLowerCase();
  return {
    type: lowered,
    scope: scope === undefined ? null : printableLine(scope),
    subject: printableLine(subject),
    breaking: mark !== undefined || notes.length > 0,
    breakingNote: notes.length > 0 ? notes.join('\n\n') : null,
    footers,
    reverts: lowered === 'revert' ? [...new Set([...taken, ...referenced(footers)])] : taken,
  };
}

/** Capitals only: `breaking-change: …` is a footer like any other. */
function isBreaking(footer: Footer): boolean {
  return footer.token === 'BREAKING CHANGE' || footer.token === 'BREAKING-CHANGE';
}

/**
 * Footers start at the first line that follows an empty one and is a footer; from there on each runs until the next
 * (rules 8 to 10). A line that looks like one amid a paragraph of the body is body.
 */
function readFooters(lines: readonly string[]): Footer[] {
  const start = lines.findIndex((line, index) => index > 0 && lines[index - 1] === '' && FOOTER.test(line));
  if (start < 0) return [];
  const found: { token: string; lines: string[] }[] = [];
  for (const line of lines.slice(start)) {
    if (CHERRY_PICK.test(line)) continue;
    const groups = FOOTER.exec(line)?.groups;
    if (groups) {
      found.push({
        token: groups['breaking'] ?? groups['token'] ?? '',
        lines: [groups['change'] ?? groups['value'] ?? ''],
      });
    } else {
      found.at(-1)?.lines.push(line);
    }
  }
  return found
    .map((footer) => ({ token: footer.token, value: footer.lines.join('\n').trim() }))
    .filter((footer) => footer.value !== '');
}

/** The specification's example of a revert: `Refs: 676104e, a215868`. */
function referenced(footers: readonly Footer[]): string[] {
  return footers
    .filter((footer) => footer.token.toLowerCase() === 'refs')
    .flatMap((footer) => footer.value.split(/[\s,]+/))
    .filter((id) => /^[0-9a-f]{7,64}$/.test(id));
}
