import { printable, printableLine } from '../history/printable';

/**
 * Makes text that others wrote (subjects, scopes, notes of commits, names) harmless as a piece of one line of Markdown: it
 * shows as it was written, code spans included, and does nothing. No HTML, comments, images, links or emphasis, also none
 * that GitHub makes of bare addresses, which become code; no structure (headings, lists, fences, tables, footnotes); nobody
 * is notified (`@name`, `@here`, Slack's `<!channel>`); no terminal escapes; no commands to a CI runner that prints it
 * (`::set-output …::`).
 * @returns one line without the characters that end one.
 */
export function sanitizeInline(text: string): string {
  let safe = '';
  for (const { code, text: piece } of splitCode(printableLine(text)).flatMap(splitAddresses)) {
    const inert = code ? inertCode(piece) : escapeProse(piece);
    // Two spans side by side would run together.
    safe += safe.endsWith('`') && inert.startsWith('`') ? ` ${inert}` : inert;
  }
  return escapeStart(safe);
}

/** A line of a code block: everything shows as it is there, but chat tools and CI runners read it all the same. */
export function sanitizeCodeLine(line: string): string {
  return inertCode(printable(line).replaceAll('\n', ' '));
}

/** A URL or address from the configuration as Markdown: a link where it is one, else plain text. */
export function sanitizeLink(text: string): string {
  const line = printableLine(text);
  if (/^https?:\/\/[^\s<>"'`\\|^{}]+$/i.test(line)) return `<${line}>`;
  if (/^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/.test(line)) return `<${line}>`;
  return sanitizeInline(line);
}

/** Whole words that chat tools take for everyone. Written with a full-width sign they look alike and call nobody. */
const BROADCAST = /@(?=(?:here|channel|everyone|all|group|team)(?![a-z0-9]))/gi;

interface Piece {
  readonly code: boolean;
  readonly text: string;
}

/** By CommonMark: a run of backticks opens a code span where a run of the same length follows; all else is prose. */
function splitCode(line: string): Piece[] {
  const runs = [...line.matchAll(/`+/g)].map((match) => ({ at: match.index, length: match[0].length, close: -1 }));
  const later = new Map<number, number>();
  for (const run of [...runs].reverse()) {
    run.close = later.get(run.length) ?? -1;
    later.set(run.length, run.at);
  }
  const pieces: Piece[] = [];
  let end = 0;
  for (const { at, length, close } of runs) {
    if (at < end || close < 0) continue;
    pieces.push({ code: false, text: line.slice(end, at) }, { code: true, text: line.slice(at, close + length) });
    end = close + length;
  }
  pieces.push({ code: false, text: line.slice(end) });
  return pieces;
}

/**
 * What GitHub makes a link or a notification of without any markup: URLs, `www.…`, mail and chat addresses, `@name`.
 * Each run of letters is entered at its start only, so that a long one costs no more than its length.
 */
const ADDRESS =
  /(?<![\w+.-])[\w+.-]+:\/\/[^\s`]*|(?<![a-z\d])www\.[\w-][^\s`]*|\b(?:mailto|xmpp):[^\s`]+|(?<![\w+.-])[\w+.-]*@[\w-][\w./@+-]*/gi;

/** Addresses in prose become code, which nobody links. The punctuation behind one is the sentence's. */
function splitAddresses(piece: Piece): Piece[] {
  if (piece.code) return [piece];
  const prose = piece.text.replace(BROADCAST, '\uff20');
  const pieces: Piece[] = [];
  let end = 0;
  for (const { 0: match, index } of prose.matchAll(ADDRESS)) {
    const address = match.replace(/[.,;:!?)\]}>'"]+$/, '');
    pieces.push({ code: false, text: prose.slice(end, index) }, { code: true, text: `\`${address}\`` });
    end = index + address.length;
  }
  pieces.push({ code: false, text: prose.slice(end) });
  return pieces.filter(({ text }) => text !== '');
}

function escapeProse(text: string): string {
  return text
    .replace(/\\/g, '\\\\')
    .replace(/&(?=#?\w+;)/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[`*[\]]/g, '\\$&')
    .replace(/~/g, '\\~')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/(?<!\w)::(?=[a-z])/gi, '\\:\\:');
}

/** Markdown leaves code alone; chat tools and CI runners don't. */
function inertCode(span: string): string {
  return span
    .replace(BROADCAST, '\uff20')
    .replace(/<(?=[!@#])/g, '\u2039')
    .replace(/##\[/g, '## [')
    .replace(/::(?=[a-z-]+(?: [^:]*)?::)/gi, ': :');
}

/** At the start of a list item or paragraph these would open a block: headings, lists, rules, fences, tables. */
function escapeStart(line: string): string {
  return line.replace(/^(?=[#+=|~-])/, '\\').replace(/^(\d{1,9})(?=[.)](?:\s|$))/, '$1\\');
}
