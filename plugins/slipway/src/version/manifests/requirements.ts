import { ManifestError, type ManifestEditor, type VersionSpan } from './editor';
import { baseName, folderOf, isPlainVersion, lineAt, normalisePythonName } from './text';

const FILE = /^(?:requirements|constraints)[\w.-]*\.txt$/;

/** Blank, or a line that goes on after a backslash. */
const GAP = '(?:[ \\t]|\\\\\\r?\\n)*';
const NAME = new RegExp(`^${GAP}([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)${GAP}(?:\\[[^\\]]*\\])?${GAP}`);
/** One `==` clause, also in the old parentheses, and nothing beside it. */
const PIN = new RegExp(`^(\\(?${GAP}==${GAP})([^\\s;,#()\\\\=]+)(${GAP}\\)?${GAP})$`);

/**
 * `requirements*.txt`, `constraints*.txt` and `requirements/*.txt`: lines that pin a package of this workspace with `==`.
 * Extras, markers and comments stay; any other range is a person's decision and left alone.
 */
export const requirements: ManifestEditor = {
  kind: 'requirements.txt',
  matches: (path) =>
    FILE.test(baseName(path)) || (path.endsWith('.txt') && baseName(folderOf(path)) === 'requirements'),
  find(path, content, names) {
    const known = new Map(
      [...(names.pythonPackages ?? names.packages)].map((name) => [normalisePythonName(name), name]),
    );
    if (known.size === 0) return [];
    const spans: VersionSpan[] = [];
    for (const { start, text } of logicalLines(content)) {
      const head = NAME.exec(text);
      const name = known.get(normalisePythonName(head?.[1] ?? ''));
      if (!head || name === undefined) continue;
      const span = pin(path, content, start + head[0].length, text.slice(head[0].length), name);
      if (span) spans.push(span);
    }
    return spans;
  },
};

/** @param rest what follows the name and its extras, from offset `at` on. */
function pin(path: string, content: string, at: number, rest: string, name: string): VersionSpan | null {
  const clauses = /^(?:(?!;|[ \t]#|[ \t]--)[\s\S])*/.exec(rest)?.[0] ?? '';
  // A direct reference (`name @ file:…`) names no version, whatever its address holds.
  if (!clauses.includes('==') || clauses.trimStart().startsWith('@')) return null;
  const problem = (text: string): ManifestError => new ManifestError(path, lineAt(content, at), text);
  const match = PIN.exec(clauses);
  if (!match) throw problem(`${name} is pinned by "${clauses.trim()}"; a single ${name}==X.Y.Z was expected`);
  const [, before = '', text = ''] = match;
  if (text.endsWith('.*')) return null;
  if (/(?:^|[\s\\])--hash\b/.test(rest)) {
    throw problem(`${name} is pinned with a hash, which no release of this workspace can know; leave the hash out`);
  }
  if (!isPlainVersion(text)) throw problem(`${name} is pinned to ${text}; Python versions are plain X.Y.Z here`);
  const start = at + before.length;
  return { start, end: start + text.length, text, of: { kind: 'dependency', name } };
}

/** Lines as pip reads them: a backslash at the end joins the next one. Comments and options are lines too. */
function logicalLines(content: string): readonly { readonly start: number; readonly text: string }[] {
  // pip takes no continuation from a line that is all comment.
  const line = /[ \t]*#[^\r\n]*|(?:\\\r?\n|[^\r\n])+/g;
  return [...content.matchAll(line)].map((match) => ({ start: match.index, text: match[0] }));
}
