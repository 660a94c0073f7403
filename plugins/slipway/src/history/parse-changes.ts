import { AUTOSQUASH, messageLines, parseLines, typeOfHeader, type ConventionalCommit } from './parse-commit';

/** Types that a line of a body needs to be taken for a change of its own, besides those that are configured. */
const KNOWN_TYPES: ReadonlySet<string> = new Set([
  'build',
  'chore',
  'ci',
  'docs',
  'feat',
  'fix',
  'perf',
  'refactor',
  'revert',
  'security',
  'style',
  'test',
]);

/**
 * The changes that a message tells of: its header's, and those that a squash-merge lists in its body, as GitHub, GitLab,
 * Bitbucket and `git merge --squash` write them.
 *
 * A line of the body begins a change when it is a conventional header of a type that is known or configured, and
 * - it stands in a list (`* feat: …` or `- feat: …`, not indented), or
 * - it is plain, begins a paragraph or follows such a line, has its type in lower case, and either the message's own header
 *   is not conventional, or there is more than one change in the body. (A single one could be a footer: `fix: #12`.)
 * So `* note: see the docs` stays text. What follows, up to the next one, is that change's body and footers, also where it is
 * indented below its bullet; but after a list without empty lines between its entries comes the text of the message
 * itself, and so it does after the line of dashes that GitHub puts before co-authors.
 *
 * The header's own change comes first. Changes with the same type, scope and subject (a pull request's number apart) are
 * one, which is breaking if one of them is.
 *
 * @param types that are configured, in lower case.
 * @returns none where nothing is conventional.
 */
export function parseChanges(message: string, types: Iterable<string> = []): readonly ConventionalCommit[] {
  const lines = messageLines(message);
  // The body of `amend! …` is the message that another commit will have.
  if (AUTOSQUASH.test(lines[0] ?? '')) return [];
  const { own, parts } = splitMessage(lines, new Set([...KNOWN_TYPES, ...types]));
  const changes = new Map<string, [ConventionalCommit, ...ConventionalCommit[]]>();
  for (const part of [own, ...parts]) {
    const change = parseLines(part);
    if (change === null) continue;
    const key = JSON.stringify([change.type, change.scope, plainSubject(change.subject)]);
    const same = changes.get(key);
    if (same === undefined) changes.set(key, [change]);
    else same.push(change);
  }
  return [...changes.values()].map(together);
}

const BULLET = /^[*-] +(?=\S)/;
const DASHES = /^-{5,}$/;
/** What `git merge --squash` begins its log with. */
const SQUASHED = 'Squashed commit of the following:';
const LOGGED = /^commit [0-9a-f]{40,64}$/;
const PULL_REQUEST = / \([#!]\d+\)$/;

interface Start {
  readonly line: number;
  readonly bullet: boolean;
  /** The line without its bullet. */
  readonly header: string;
}

function splitMessage(lines: readonly string[], types: ReadonlySet<string>): { own: string[]; parts: string[][] } {
  const log = lines.indexOf(SQUASHED);
  if (log >= 0) return { own: trimmed(lines.slice(0, log)), parts: loggedMessages(lines.slice(log + 1)) };
  const starts = findStarts(lines, types);
  const [first] = starts;
  if (first === undefined) return { own: [...lines], parts: [] };
  const separator = lines.findIndex((line, index) => index > first.line && DASHES.test(line));
  const end = separator < 0 ? lines.length : separator;
  const counted = starts.filter(({ line }) => line < end);
  const loose = counted.every(({ line, bullet }) => !bullet || line === first.line || lines[line - 1] === '');
  const own = [lines.slice(0, first.line)];
  const parts = counted.map(({ line, bullet, header }, index) => {
    const body = lines.slice(line + 1, counted[index + 1]?.line ?? end);
    const empty = bullet && !loose ? body.indexOf('') : -1;
    if (empty >= 0) own.push(body.slice(empty));
    return [header, ...withoutIndent(empty < 0 ? body : body.slice(0, empty))];
  });
  own.push(lines.slice(end + 1));
  return { own: trimmed(own.flat()), parts: parts.map(trimmed) };
}

/** Messages of a log: each commit is some lines about it, an empty one, and its message four spaces in. */
function loggedMessages(lines: readonly string[]): string[][] {
  const messages: string[][] = [];
  let message: string[] | null = null;
  for (const line of lines) {
    if (LOGGED.test(line)) message = null;
    else if (line === '' && message === null) messages.push((message = []));
    else message?.push(line.replace(/^ {4}/, ''));
  }
  return messages.map(trimmed);
}

function findStarts(lines: readonly string[], types: ReadonlySet<string>): readonly Start[] {
  const found: Start[] = [];
  for (let line = 1; line < lines.length; line += 1) {
    const text = lines[line] ?? '';
    const bullet = BULLET.test(text);
    const header = bullet ? text.replace(BULLET, '') : text;
    const type = typeOfHeader(header);
    if (type === null || !types.has(type)) continue;
    const follows = lines[line - 1] === '' || found.at(-1)?.line === line - 1;
    if (bullet || (follows && header.startsWith(type))) found.push({ line, bullet, header });
  }
  const alone = found.length === 1 && found[0]?.bullet === false;
  return alone && typeOfHeader(lines[0] ?? '') !== null ? [] : found;
}

/** Text below a bullet is often indented to its level. */
function withoutIndent(lines: readonly string[]): string[] {
  const indented = lines.some((line) => line !== '') && lines.every((line) => line === '' || line.startsWith('  '));
  return indented ? lines.map((line) => line.slice(2)) : [...lines];
}

/** Without empty lines at the end. */
function trimmed(lines: readonly string[]): string[] {
  let end = lines.length;
  while (end > 1 && lines[end - 1] === '') end -= 1;
  return lines.slice(0, end);
}

function plainSubject(subject: string): string {
  return subject.replace(PULL_REQUEST, '').toLowerCase();
}

function together(same: readonly [ConventionalCommit, ...ConventionalCommit[]]): ConventionalCommit {
  if (same.length === 1) return same[0];
  const notes = new Set(same.map(({ breakingNote }) => breakingNote).filter((note) => note !== null));
  return {
    ...same[0],
    breaking: same.some(({ breaking }) => breaking),
    breakingNote: notes.size > 0 ? [...notes].join('\n\n') : null,
    footers: same.flatMap(({ footers }) => footers),
    reverts: [...new Set(same.flatMap(({ reverts }) => reverts))],
    references: [...new Set(same.flatMap(({ references }) => references))],
  };
}
