import { printable, printableLine } from './printable';
import { referencesIn } from './references';

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
  /** Issues and pull requests that header, body or footers refer to, as they are written: `#12`, `GH-3`, `org/repo#4`. */
  readonly references: readonly string[];
}

export interface Footer {
  /** As it is written, e.g. `Reviewed-by`. */
  readonly token: string;
  /** May span lines and paragraphs, as the specification allows. */
  readonly value: string;
}

const HEADER = /^(?<type>\p{L}[\p{L}\p{N}_-]*)(?:\((?<scope>[^()]+)\))?(?<mark>!)?: +(?<subject>\S.*)$/u;
const FOOTER =
  /^(?:(?<breaking>BREAKING[ -]CHANGE)(?:: (?<change>.*)|:$)|(?<token>\p{L}[\p{L}\p{N}-]*)(?:: +| (?=#))(?<value>\S.*))$/u;
/** `Reapply` is what git 2.43 and later writes for the revert of a revert. Hosts add the number of the pull request. */
const GIT_REVERT = /^(?<verb>Revert|Reapply) "(?<subject>.*)"(?: \([#!]\d+\))?$/;
/** Also of a merge: `This reverts commit 0123456, reversing changes made to 89abcde.`, which takes back the first one. */
const GIT_REVERT_SENTENCE = /^This reverts commit (?<id>[0-9a-f]{7,64})\b/gm;
/** Meant to be folded into another commit before anyone sees it. */
export const AUTOSQUASH = /^(?:fixup|squash|amend)! /;
const CHERRY_PICK = /^\(cherry picked from commit [0-9a-f]{7,64}\)$/;

/**
 * Reads a commit message by Conventional Commits 1.0.0. For a message that lists several changes, see `parseChanges`.
 *
 * Ours rather than conventional-commits-parser's, which takes a line that starts with BREAKING CHANGE anywhere in the
 * body for a footer and runs other footers into its text. Where both can be right, a test holds them to the same result.
 *
 * Some things are read generously: a `BREAKING CHANGE:` at the end of its line with the text below it (git strips the
 * space), more than one space after the colon of the header, and `git revert`'s own message, which counts as type `revert`.
 *
 * @returns null where the message keeps to neither; so for commits that are to be squashed (`fixup! feat: …`).
 */
export function parseCommit(message: string): ConventionalCommit | null {
  return parseLines(messageLines(message));
}

/** A message in lines that are safe to print, without empty ones at its ends. */
export function messageLines(message: string): string[] {
  return printable(message)
    .replace(/^\s*\n/, '')
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd());
}

/** {@link parseCommit} of {@link messageLines}. */
export function parseLines(lines: readonly string[]): ConventionalCommit | null {
  const header = lines[0] ?? '';
  const rest = lines.slice(1);
  if (AUTOSQUASH.test(header)) return null;
  const taken = [...rest.join('\n').matchAll(GIT_REVERT_SENTENCE)].map((match) => match.groups?.['id'] ?? '');

  const match = HEADER.exec(header);
  if (!match || match.groups?.['scope']?.trim() === '') {
    if (taken.length === 0) return null;
    return {
      type: 'revert',
      scope: null,
      subject: revertedSubject(header),
      breaking: false,
      breakingNote: null,
      footers: [],
      reverts: [...new Set(taken)],
      references: referencesIn(lines.join('\n')),
    };
  }

  const { type = '', scope, mark, subject = '' } = match.groups ?? {};
  const { footers, notes } = readFooters(rest);
  const lowered = type.toLowerCase();
  return {
    type: lowered,
    scope: scope === undefined ? null : printableLine(scope),
    subject: printableLine(subject),
    breaking: mark !== undefined || notes.length > 0,
    breakingNote: notes.length > 0 ? notes.join('\n\n') : null,
    footers,
    reverts: [...new Set(lowered === 'revert' ? [...taken, ...referenced(footers)] : taken)],
    references: referencesIn(lines.join('\n')),
  };
}

/** The type of a conventional header in lower case, `revert` for one of `git revert`; null for any other line. */
export function typeOfHeader(line: string): string | null {
  if (GIT_REVERT.test(line)) return 'revert';
  const groups = HEADER.exec(line)?.groups;
  return groups === undefined || groups['scope']?.trim() === '' ? null : (groups['type'] ?? '').toLowerCase();
}

function revertedSubject(header: string): string {
  const { verb, subject } = GIT_REVERT.exec(header)?.groups ?? {};
  if (subject === undefined) return printableLine(header);
  return printableLine(verb === 'Reapply' ? `Revert "${subject}"` : subject);
}

/**
 * Footers start at the first line that follows an empty one and is a footer; from there on each runs until the next
 * (rules 8 to 10). A line that looks like one amid a paragraph of the body is body. Breaking changes are told in capitals,
 * with a colon (rules 12, 15 and 16): `breaking-change: …` and `BREAKING-CHANGE #12` are footers like any other.
 * @returns the texts of the breaking ones besides.
 */
function readFooters(lines: readonly string[]): { readonly footers: Footer[]; readonly notes: string[] } {
  const start = lines.findIndex((line, index) => index > 0 && lines[index - 1] === '' && FOOTER.test(line));
  if (start < 0) return { footers: [], notes: [] };
  const found: { token: string; breaking: boolean; lines: string[] }[] = [];
  for (const line of lines.slice(start)) {
    if (CHERRY_PICK.test(line)) continue;
    const groups = FOOTER.exec(line)?.groups;
    if (groups) {
      found.push({
        token: groups['breaking'] ?? groups['token'] ?? '',
        breaking: groups['breaking'] !== undefined,
        lines: [groups['change'] ?? groups['value'] ?? ''],
      });
    } else {
      found.at(-1)?.lines.push(line);
    }
  }
  const told = found
    .map(({ token, breaking, lines: text }) => ({ token, breaking, value: text.join('\n').trim() }))
    .filter(({ value }) => value !== '');
  return {
    footers: told.map(({ token, value }) => ({ token, value })),
    notes: told.filter(({ breaking }) => breaking).map(({ value }) => value),
  };
}

/** The specification's example of a revert: `Refs: 676104e, a215868`. */
function referenced(footers: readonly Footer[]): string[] {
  return footers
    .filter((footer) => footer.token.toLowerCase() === 'refs')
    .flatMap((footer) => footer.value.split(/[\s,]+/))
    .filter((id) => /^[0-9a-f]{7,64}$/.test(id));
}
