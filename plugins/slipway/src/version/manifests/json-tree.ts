import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { ManifestError, type ManifestNames, type VersionSpan } from './editor';
import { isSemver, lineAt, SEMVER_VERSION } from './text';

export interface JsonFile {
  readonly path: string;
  readonly content: string;
  readonly root: Node;
}

/** @throws {ManifestError} unless it is strict JSON with an object at the top. */
export function parseJson(path: string, content: string): JsonFile {
  const errors: ParseError[] = [];
  const root = parseTree(content, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (first) {
    throw new ManifestError(
      path,
      lineAt(content, first.offset),
      `not valid JSON (${printParseErrorCode(first.error)})`,
    );
  }
  if (root?.type !== 'object') throw new ManifestError(path, 1, 'a JSON object was expected');
  return { path, content, root };
}

/** The value of a key, or null. @throws {ManifestError} when the key stands there twice: readers disagree on which counts. */
export function member(file: JsonFile, object: Node, key: string): Node | null {
  let found: Node | null = null;
  for (const property of object.children ?? []) {
    const [name, value] = property.children ?? [];
    if (name?.value !== key || value === undefined) continue;
    if (found) throw new ManifestError(file.path, lineAt(file.content, name.offset), `"${key}" stands here twice`);
    found = value;
  }
  return found;
}

export function objectMember(file: JsonFile, object: Node, key: string): Node | null {
  const value = member(file, object, key);
  if (value === null) return null;
  if (value.type !== 'object') {
    throw new ManifestError(file.path, lineAt(file.content, value.offset), `"${key}" should be an object`);
  }
  return value;
}

/** Keys and values of an object, in order. */
export function entries(object: Node): readonly (readonly [string, Node])[] {
  return (object.children ?? []).flatMap((property) => {
    const [name, value] = property.children ?? [];
    return name !== undefined && value !== undefined ? [[String(name.value), value] as const] : [];
  });
}

/** The span of the `version` of an object, or none where it has no such key. */
export function versionSpans(file: JsonFile, object: Node): readonly VersionSpan[] {
  const node = member(file, object, 'version');
  if (node === null) return [];
  const text = stringText(file, node);
  if (text === null || !isSemver(text)) {
    throw new ManifestError(
      file.path,
      lineAt(file.content, node.offset),
      `"version" is ${file.content.slice(node.offset, node.offset + node.length)}; a semver version such as "1.2.3" was expected`,
    );
  }
  return [{ start: node.offset + 1, end: node.offset + 1 + text.length, text, of: { kind: 'version' } }];
}

/** `1.2.3`, `^1.2.3`, `~1.2.3`, `=1.2.3`, each also behind `workspace:`. Any other range is a person's decision and left alone. */
const FOLLOWING_RANGE = new RegExp(`^((?:workspace:)?[~^=]?)(${SEMVER_VERSION})$`);

/** Spans of the versions inside the ranges under `keys`, for packages of this workspace. */
export function rangeSpans(
  file: JsonFile,
  object: Node,
  keys: readonly string[],
  names: ManifestNames,
): readonly VersionSpan[] {
  const spans: VersionSpan[] = [];
  for (const key of keys) {
    const ranges = objectMember(file, object, key);
    for (const [name, node] of ranges === null ? [] : entries(ranges)) {
      if (!names.packages.has(name)) continue;
      const match = FOLLOWING_RANGE.exec(stringText(file, node) ?? '');
      if (!match) continue;
      const [, prefix = '', text = ''] = match;
      const start = node.offset + 1 + prefix.length;
      spans.push({ start, end: start + text.length, text, of: { kind: 'dependency', name } });
    }
  }
  return spans;
}

/** A string whose text in the file is its value; null for other types and for strings with escapes, whose offsets would be off. */
function stringText(file: JsonFile, node: Node): string | null {
  if (node.type !== 'string') return null;
  const raw = file.content.slice(node.offset + 1, node.offset + node.length - 1);
  return raw === node.value ? raw : null;
}
