import type { Token } from 'markdown-it';

/** What the documentation check asks of a Markdown file. */
export interface MarkdownDocument {
  readonly headings: readonly { readonly text: string; readonly line: number }[];
  /** What `#…` may lead to: headings as GitHub names them, and ids and names in HTML. */
  readonly anchors: ReadonlySet<string>;
  /** Links and images, also in HTML, as they are written. Code holds none. */
  readonly links: readonly { readonly target: string; readonly line: number }[];
  /** Whether there is a paragraph of some words. */
  readonly hasText: boolean;
}

/** Fewer words than this say nothing. */
const WORDS = 3;

/** Reads GitHub's kind of Markdown. */
export function parseMarkdown(content: string): MarkdownDocument {
  // Loaded with the first Markdown file: a gate without documents needs no parser.
  const MarkdownIt = require('markdown-it') as typeof import('markdown-it');
  const parser = new MarkdownIt({ html: true });
  // As written: what it means as a path is found out by whoever follows it.
  parser.normalizeLink = (url) => url;
  const headings: { text: string; line: number }[] = [];
  const anchors = new Set<string>();
  const links: { target: string; line: number }[] = [];
  const slugs = new Map<string, number>();
  let hasText = false;
  let line = 1;
  let isHeading = false;
  for (const token of parser.parse(content, {})) {
    if (token.map !== null) line = token.map[0] + 1;
    if (token.type === 'heading_open') isHeading = true;
    if (token.type === 'html_block') readHtml(token.content, line, anchors, links);
    if (token.type !== 'inline') continue;
    const text = readInline(token.children ?? [], line, anchors, links);
    if (isHeading) {
      headings.push({ text, line });
      anchors.add(unique(slugOf(text), slugs));
    } else hasText ||= text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length >= WORDS;
    isHeading = false;
  }
  return { headings, anchors, links, hasText };
}

/** The name GitHub gives a heading: lower case, without punctuation, spaces as dashes. */
export function slugOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}

/** A heading that stands twice gets a number. */
function unique(slug: string, seen: Map<string, number>): string {
  const count = seen.get(slug) ?? 0;
  seen.set(slug, count + 1);
  return count === 0 ? slug : unique(`${slug}-${count}`, seen);
}

/** @returns the text without markup */
function readInline(
  tokens: readonly Token[],
  first: number,
  anchors: Set<string>,
  links: { target: string; line: number }[],
): string {
  let line = first;
  let text = '';
  for (const token of tokens) {
    const target = token.type === 'link_open' ? token.attrGet('href') : null;
    const image = token.type === 'image' ? token.attrGet('src') : null;
    for (const found of [target, image]) if (found !== null) links.push({ target: String(found), line });
    if (token.type === 'text' || token.type === 'code_inline') text += token.content;
    if (token.type === 'html_inline') readHtml(token.content, line, anchors, links);
    if (token.type === 'softbreak' || token.type === 'hardbreak') {
      line += 1;
      text += ' ';
    }
  }
  return text;
}

const ATTRIBUTE = /\s([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;

/** One or more tags, as the parser tells them from text. */
function readHtml(html: string, first: number, anchors: Set<string>, links: { target: string; line: number }[]): void {
  const plain = html.replace(/<!--[\s\S]*?(?:-->|$)/g, (comment) => comment.replace(/[^\n]/g, ' '));
  for (const tag of plain.matchAll(/<([a-z][a-z0-9-]*)((?:\s+[^<>"']+|"[^"]*"|'[^']*')*)\s*\/?>/gi)) {
    const line = first + (plain.slice(0, tag.index).match(/\n/g)?.length ?? 0);
    for (const [, name = '', double, single, bare] of (tag[2] ?? '').matchAll(ATTRIBUTE)) {
      const value = double ?? single ?? bare ?? '';
      if (/^(?:id|name)$/i.test(name)) anchors.add(value);
      if (/^(?:href|src)$/i.test(name)) links.push({ target: value, line });
    }
  }
}
