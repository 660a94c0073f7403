import { posix } from 'node:path';
import { percentDecoded } from '../../io/percent-decoded';
import { parseMarkdown, type MarkdownDocument } from './markdown';

export interface DeadLink {
  /** Relative to the workspace. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** As written. */
  readonly target: string;
  readonly problem: string;
}

export interface LinkedFiles {
  /** Markdown files by their path relative to the workspace: what `#…` may lead to. */
  readonly documents: ReadonlyMap<string, MarkdownDocument>;
  /** Whether a file or folder is there, by its path relative to the workspace. */
  readonly exists: (path: string) => boolean;
}

const MARKDOWN = /\.(?:md|markdown|mdown)$/i;

export function isMarkdown(path: string): boolean {
  return MARKDOWN.test(path);
}

export function parseMarkdownFiles(
  files: readonly { readonly path: string; readonly content: string }[],
): ReadonlyMap<string, MarkdownDocument> {
  const markdown = files.filter(({ path }) => isMarkdown(path));
  return new Map(markdown.map(({ path, content }) => [path, parseMarkdown(content)]));
}

/** The links of one document that lead nowhere. Links to other sites are not followed. */
export function deadLinks(file: string, document: MarkdownDocument, linked: LinkedFiles): readonly DeadLink[] {
  const dead: DeadLink[] = [];
  for (const { target, line } of document.links) {
    const problem = problemOf(file, target, linked);
    if (problem !== null) dead.push({ file, line, target, problem });
  }
  return dead;
}

/** Path of the workspace that a link leads to; null for one to another site or within its own file. */
export function linkedPath(file: string, target: string): string | null {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(target)) return null;
  const path = percentDecoded(target.replace(/[?#].*$/s, ''));
  if (path === '') return null;
  // GitHub takes the first slash for the repository's root.
  return path.startsWith('/')
    ? posix.normalize(`.${path}`).replace(/\/$/, '')
    : posix.join(posix.dirname(file), path).replace(/\/$/, '');
}

function problemOf(file: string, target: string, { documents, exists }: LinkedFiles): string | null {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(target)) return null;
  const path = linkedPath(file, target);
  if (path !== null && (path === '..' || path.startsWith('../'))) return `${target} leads out of the workspace`;
  if (path !== null && path !== '.' && !exists(path)) return `${path} does not exist`;
  const anchor = percentDecoded(/#(.*)$/s.exec(target)?.[1] ?? '').replace(/^user-content-/, '');
  const document = documents.get(path ?? file);
  if (anchor === '' || anchor === 'top' || document === undefined || document.anchors.has(anchor)) return null;
  return `${path ?? file} has no heading or anchor #${anchor}`;
}
