import type { Alias, Document, Node, Pair, Scalar, YAMLMap } from 'yaml';
import { ManifestError } from './editor';
import { lineAt } from './text';

/** A parsed YAML file: its nodes know where they stand. */
export interface YamlFile {
  readonly path: string;
  readonly content: string;
  readonly root: Node | null;
  /** The node itself, or what an alias stands for. */
  resolve(node: unknown): Node | null;
  isScalar(node: unknown): node is Scalar;
  isMap(node: unknown): node is YAMLMap;
  isSeq(node: unknown): node is { items: unknown[] } & Node;
}

/** @throws {ManifestError} unless it is one YAML document. */
export function parseYaml(path: string, content: string): YamlFile {
  // Nx infers targets through here: the parser loads with the first file that needs it.
  const yaml = require('yaml') as typeof import('yaml');
  // The parser compares each key of a map with all before it, and finds the place of every error again: lock files are large.
  const document: Document = yaml.parseDocument(content, { prettyErrors: false, uniqueKeys: false });
  const [error] = document.errors;
  if (error) {
    throw new ManifestError(path, lineAt(content, error.pos[0]), `not valid YAML: ${error.message.split('\n', 1)[0]}`);
  }
  refuseTwins(yaml, path, content, document);
  const targets = aliasTargets(yaml, document);
  return {
    path,
    content,
    root: document.contents,
    resolve(node) {
      if (yaml.isAlias(node)) return targets.get(node) ?? null;
      return yaml.isNode(node) ? node : null;
    },
    isScalar: yaml.isScalar,
    isMap: yaml.isMap,
    isSeq: yaml.isSeq as YamlFile['isSeq'],
  };
}

function refuseTwins(yaml: typeof import('yaml'), path: string, content: string, document: Document): void {
  yaml.visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!yaml.isScalar(key)) continue;
        if (seen.has(key.value)) {
          const at = lineAt(content, key.range?.[0] ?? 0);
          throw new ManifestError(path, at, `not valid YAML: the key ${String(key.value)} stands here twice`);
        }
        seen.add(key.value);
      }
    },
  });
}

/** In one walk: an alias means the last anchor of its name before it, and to ask each one by itself would walk again. */
function aliasTargets(yaml: typeof import('yaml'), document: Document): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  yaml.visit(document, {
    Node(_, node) {
      if (yaml.isAlias(node)) {
        const target = anchors.get(node.source);
        if (target) targets.set(node, target);
      } else if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

/** Keys that are scalars, with their nodes and resolved values, in order. */
export function pairs(
  file: YamlFile,
  node: unknown,
): readonly { readonly key: Scalar; readonly name: string; readonly value: Node | null }[] {
  const map = file.resolve(node);
  if (!file.isMap(map)) return [];
  return map.items.flatMap(({ key, value }: Pair) =>
    file.isScalar(key) ? [{ key, name: String(key.value), value: file.resolve(value) }] : [],
  );
}

export function valueAt(file: YamlFile, node: unknown, ...keys: readonly string[]): Node | null {
  let found = file.resolve(node);
  for (const key of keys) found = pairs(file, found).find(({ name }) => name === key)?.value ?? null;
  return found;
}

/**
 * Where a scalar's text starts in the file, behind its quote; null where the file spells it otherwise than it reads,
 * with escapes or over several lines.
 */
export function textStart(file: YamlFile, scalar: Scalar): number | null {
  const [from, to] = scalar.range ?? [0, 0];
  const quoted = scalar.type === 'QUOTE_SINGLE' || scalar.type === 'QUOTE_DOUBLE';
  const start = quoted ? from + 1 : from;
  const text = scalar.source ?? String(scalar.value);
  return file.content.slice(start, quoted ? to - 1 : to) === text && !text.includes('\n') ? start : null;
}

/** What a scalar reads as: text, also where YAML would take it for a number. */
export function scalarText(scalar: Scalar): string {
  return scalar.source ?? String(scalar.value);
}

export function yamlProblem(file: YamlFile, node: Node, problem: string): ManifestError {
  return new ManifestError(file.path, lineAt(file.content, node.range?.[0] ?? 0), problem);
}
