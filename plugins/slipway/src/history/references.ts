/**
 * Issues and pull requests that a text refers to, as they are written and in that order, each once: `#12`, `GH-12`,
 * `org/repo#12`, and GitLab's `!12`. Not in code, and not within URLs.
 *
 * By hand rather than by one expression: texts of others may be long, and each step here looks at a character once.
 */
export function referencesIn(text: string): string[] {
  // Most texts refer to nothing, and most words of the others are none.
  if (!LIKELY.test(text)) return [];
  const found = new Set<string>();
  for (const word of withoutCode(text).split(/\s+/)) {
    if (!LIKELY.test(word)) continue;
    const scheme = word.indexOf('://');
    for (const reference of inWord(scheme < 0 ? word : word.slice(0, scheme))) found.add(reference);
  }
  return [...found];
}

/** No leading zero, which colours have, and no more digits than a tracker counts to. */
const NUMBER = /(?:[#!]|GH-)[1-9]\d{0,8}(?![\p{L}\p{N}_#])/giu;
const LIKELY = /[#!-]\d/;
/** Longest `org/repo` that is looked for. */
const LONGEST_PATH = 200;

function* inWord(word: string): Generator<string> {
  for (const match of word.matchAll(NUMBER)) {
    const before = word[match.index - 1];
    if (before === undefined || !/[\p{L}\p{N}_.#!&/-]/u.test(before)) {
      yield match[0];
      continue;
    }
    if (match[0].toUpperCase().startsWith('GH-')) continue;
    // Something is written directly before the mark: a repository, or it is no reference (C#12, &#39;, #1#2).
    const start = Math.max(0, match.index - LONGEST_PATH);
    const path = /[\w.-]+(?:\/[\w.-]+)+$/.exec(word.slice(start, match.index))?.[0];
    if (path !== undefined && !/^[.-]/.test(path)) yield path + match[0];
  }
}

/** The text with a space in place of fenced blocks and of code spans, as Markdown has them. */
function withoutCode(text: string): string {
  if (!text.includes('`') && !text.includes('~~~')) return text;
  const kept: string[] = [];
  let fence: string | null = null;
  for (const line of text.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === null && mark !== undefined) fence = mark;
    else if (fence !== null && mark !== undefined && mark.startsWith(fence) && line.trim() === mark) fence = null;
    else if (fence === null) kept.push(line.trim() === '' ? '' : line);
  }
  // A span ends with its paragraph, so that a lone backtick does not hide what follows.
  return kept.join('\n').split('\n\n').map(withoutSpans).join('\n\n');
}

/** A span runs from some backticks to the next run of exactly as many. */
function withoutSpans(paragraph: string): string {
  const runs = [...paragraph.matchAll(/`+/g)].map((match) => ({ at: match.index, length: match[0].length }));
  const byLength = new Map<number, number[]>();
  for (const [index, { length }] of [...runs.entries()].reverse()) {
    const same = byLength.get(length);
    if (same) same.push(index);
    else byLength.set(length, [index]);
  }
  let text = '';
  let end = 0;
  for (let index = 0; index < runs.length; index += 1) {
    const run = runs[index];
    if (run === undefined) break;
    // The next ones of that length are at the end, so that what is passed over goes for good.
    const same = byLength.get(run.length) ?? [];
    while (same.length > 0 && (same.at(-1) ?? 0) <= index) same.pop();
    const closing = same.at(-1);
    const closingRun = closing === undefined ? undefined : runs[closing];
    if (closing === undefined || closingRun === undefined) continue;
    text += `${paragraph.slice(end, run.at)} `;
    end = closingRun.at + closingRun.length;
    index = closing;
  }
  return text + paragraph.slice(end);
}
