import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { strictTree } from '../../config/strict-json';
import { SEMVER, versionSpan } from './dialects';
import { ManifestError, type ManifestNames, type VersionOwner, type VersionSpan } from './editor';
import { followedRange } from './ranges';
import { isSemver, lineAt } from './text';

export interface JsonFile {
  readonly path: string;
  readonly content: string;
  readonly root: Node;
}

/** @throws {ManifestError} unless it is strict JSON with an object at the top. */
export function parseJson(path: string, content: string): JsonFile {
  const errors: ParseError[] = [];
  const root = strictTree(content) ?? parseTree(content, errors, { disallowComments: true, allowTrailingComma: false });
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
export function versionSpans(
  file: JsonFile,
  object: Node,
  of: VersionOwner = { kind: 'version' },
): readonly VersionSpan[] {
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
  return [versionSpan({ ...file, start: node.offset + 1 }, text, SEMVER, of)];
}

/** Spans of the versions inside the ranges under `keys`, for packages of this workspace. */
export function rangeSpans(
  file: JsonFile,
  object: Node,
  keys: readonly string[],
  names: ManifestNames,
): readonly VersionSpan[] {
  return keys.flatMap((key) => {
    const ranges = objectMember(file, object, key);
    return ranges === null ? [] : entries(ranges).flatMap(([name, node]) => rangeSpan(file, name, node, names));
  });
}

/** The span inside one range; none for packages of others, and for ranges that follow no version. */
export function rangeSpan(file: JsonFile, name: string, node: Node, names: ManifestNames): readonly VersionSpan[] {
  const found = followedRange(name, stringText(file, node) ?? '');
  if (found === null || !names.packages.has(found.name)) return [];
  const place = { ...file, start: node.offset + 1 + found.at };
  return [versionSpan(place, found.text, SEMVER, { kind: 'dependency', name: found.name })];
}

/** A string whose text in the file is its value; null for other types and for strings with escapes, whose offsets would be off. */
function stringText(file: JsonFile, node: Node): string | null {
  if (node.type !== 'string') return null;
  const raw = file.content.slice(node.offset + 1, node.offset + node.length - 1);
  return raw === node.value ? raw : null;
}
