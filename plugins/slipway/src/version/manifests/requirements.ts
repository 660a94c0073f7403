import { PEP440, versionSpan, type Place } from './dialects';
import { ManifestError, type ManifestEditor, type ManifestNames, type VersionSpan } from './editor';
import { baseName, folderOf, lineAt, normalisePythonName } from './text';

const FILE = /^(?:requirements|constraints)[\w.-]*\.txt$/;

/** Blank, or a line that goes on after a backslash. */
const GAP = '(?:[ \\t]|\\\\\\r?\\n)*';
const NAME = new RegExp(`^${GAP}([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)${GAP}(?:\\[[^\\]]*\\])?${GAP}`);
/** One `==` clause, also in the old parentheses, and nothing beside it. */
const PIN = new RegExp(`^(\\(?${GAP}==${GAP})([^\\s;,#()\\\\=]+)(${GAP}(?:\\)${GAP})?)$`);

/**
 * `requirements*.txt`, `constraints*.txt` and `requirements/*.txt`: lines that pin a package of this workspace with `==`.
 * Extras, markers and comments stay; any other range is a person's decision and left alone.
 */
export const requirements: ManifestEditor = {
  kind: 'requirements.txt',
  ecosystem: 'python',
  matches: (path) =>
    FILE.test(baseName(path)) || (path.endsWith('.txt') && baseName(folderOf(path)) === 'requirements'),
  find: (path, content, names) => requirementSpans({ path, content, start: 0 }, content, knownPythonNames(names)),
};

/** Names as packages of this workspace give them, by their normal form. */
export function knownPythonNames(names: ManifestNames): ReadonlyMap<string, string> {
  return names.pythonPackages ?? new Map([...names.packages].map((name) => [normalisePythonName(name), name]));
}

/**
 * The versions by which requirements pin packages of this workspace.
 * @param text one requirement on each line, at `place`.
 * @throws {ManifestError} for a pin that an edit could not follow.
 */
export function requirementSpans(
  place: Place,
  text: string,
  known: ReadonlyMap<string, string>,
): readonly VersionSpan[] {
  if (known.size === 0) return [];
  const spans: VersionSpan[] = [];
  for (const line of logicalLines(text)) {
    const head = NAME.exec(line.text);
    const name = known.get(normalisePythonName(head?.[1] ?? ''));
    if (!head || name === undefined) continue;
    const at = place.start + line.start + head[0].length;
    const span = pin({ ...place, start: at }, line.text.slice(head[0].length), name);
    if (span) spans.push(span);
  }
  return spans;
}

/** @param rest what follows the name and its extras, at `place`. */
function pin(place: Place, rest: string, name: string): VersionSpan | null {
  const clauses = /^(?:(?!;|[ \t]#|[ \t]--)[\s\S])*/.exec(rest)?.[0] ?? '';
  // A direct reference (`name @ file:…`) names no version, whatever its address holds.
  if (!clauses.includes('==') || clauses.trimStart().startsWith('@')) return null;
  const problem = (text: string): ManifestError =>
    new ManifestError(place.path, lineAt(place.content, place.start), text);
  const match = PIN.exec(clauses);
  if (!match) throw problem(`${name} is pinned by "${clauses.trim()}"; a single ${name}==X.Y.Z was expected`);
  const [, before = '', text = ''] = match;
  if (text.endsWith('.*')) return null;
  if (/(?:^|[\s\\])--hash\b/.test(rest)) {
    throw problem(`${name} is pinned with a hash, which no release of this workspace can know; leave the hash out`);
  }
  return versionSpan({ ...place, start: place.start + before.length }, text, PEP440, { kind: 'dependency', name });
}

/** Lines as pip reads them: a backslash at the end joins the next one. Comments and options are lines too. */
function logicalLines(content: string): readonly { readonly start: number; readonly text: string }[] {
  // pip takes no continuation from a line that is all comment.
  const line = /[ \t]*#[^\r\n]*|(?:\\\r?\n|[^\r\n])+/g;
  return [...content.matchAll(line)].map((match) => ({ start: match.index, text: match[0] }));
}
