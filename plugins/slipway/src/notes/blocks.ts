import { printable } from '../history/printable';
import { sanitizeCodeLine, sanitizeInline } from './sanitize';

export interface Block {
  readonly kind: 'paragraph' | 'list' | 'code';
  /** Harmless Markdown. */
  readonly lines: readonly string[];
}

const FENCE = /^\s*(?<mark>`{3,}|~{3,})(?<info>[^`]*)$/;
const ITEM = /^\s*(?<bullet>[-*+]|\d{1,9}[.)])\s+(?<text>\S.*)$/;

/**
 * Text of several paragraphs that others wrote, with what explains a change best: paragraphs, lists and fenced code. Each is
 * written anew from its words, so nothing of the text's own markup is left to interpret; anything else is a paragraph.
 */
export function sanitizeBlocks(text: string): Block[] {
  const lines = printable(text).split('\n');
  const blocks: Block[] = [];
  let words: string[] = [];
  let items: { readonly bullet: string; readonly words: string[] }[] = [];
  const close = (): void => {
    const paragraph = sanitizeInline(words.join(' '));
    if (paragraph !== '') blocks.push({ kind: 'paragraph', lines: [paragraph] });
    if (items.length > 0)
      blocks.push({
        kind: 'list',
        lines: items.map((item) => `${item.bullet} ${sanitizeInline(item.words.join(' '))}`),
      });
    words = [];
    items = [];
  };
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const fence = FENCE.exec(line)?.groups;
    const end = fence === undefined ? -1 : endOfFence(lines, index, fence['mark'] ?? '');
    const item = ITEM.exec(line)?.groups;
    if (end >= 0) {
      close();
      blocks.push({ kind: 'code', lines: fenced(lines.slice(index + 1, end), (fence?.['info'] ?? '').trim()) });
      index = end;
    } else if (line.trim() === '') {
      // Items may have empty lines between them.
      if (items.length === 0 || !ITEM.test(lines[index + 1] ?? '')) close();
    } else if (item !== undefined) {
      if (words.length > 0) close();
      const bullet = item['bullet'] ?? '-';
      items.push({ bullet: /\d/.test(bullet) ? bullet.replace(')', '.') : '-', words: [item['text'] ?? ''] });
    } else {
      (items.at(-1)?.words ?? words).push(line.trim());
    }
  }
  close();
  return blocks;
}

function endOfFence(lines: readonly string[], start: number, mark: string): number {
  return lines.findIndex((line, at) => {
    const closing = line.trim();
    return at > start && closing.length >= mark.length && closing === mark.charAt(0).repeat(closing.length);
  });
}

/** Within a fence longer than any run of backticks in it, which nothing in it can close. */
function fenced(code: readonly string[], info: string): string[] {
  const safe = code.map(sanitizeCodeLine);
  const longest = Math.max(0, ...[...safe.join('\n').matchAll(/`+/g)].map(([run]) => run.length));
  const mark = '`'.repeat(Math.max(3, longest + 1));
  return [`${mark}${/^[\w+-]{1,20}$/.test(info) ? info : ''}`, ...safe, mark];
}
