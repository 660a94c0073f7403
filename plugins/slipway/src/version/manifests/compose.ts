import type { Document, Node, Scalar, YAMLMap } from 'yaml';
import { ManifestError, type ManifestEditor, type VersionSpan } from './editor';
import { baseName, lineAt, TAG_VERSION } from './text';

const FILE = /^(?:docker-)?compose[\w.-]*\.ya?ml$/;

/**
 * Compose files: the tags of this workspace's images, as `repository:1.2.3`, `${VARIABLE:-repository:1.2.3}` or
 * `repository:${VARIABLE:-1.2.3}`. Digests, and tags that are no version, are left alone.
 */
export const compose: ManifestEditor = {
  kind: 'compose',
  matches: (path) => FILE.test(baseName(path)),
  find(path, content, names) {
    if (![...names.images].some((repository) => content.includes(`${repository}:`))) return [];
    // Nx infers targets through here: the parser loads with the first file that needs it.
    const yaml = require('yaml') as typeof import('yaml');
    const document = yaml.parseDocument(content);
    const [error] = document.errors;
    if (error) {
      throw new ManifestError(
        path,
        lineAt(content, error.pos[0]),
        `not valid YAML: ${error.message.split('\n', 1)[0]}`,
      );
    }
    // An anchored scalar may serve several services: by offset, each one counts once.
    const spans = new Map<number, VersionSpan>();
    for (const scalar of images(yaml, document)) {
      const span = imageSpan(yaml, path, content, scalar, names.images);
      if (span) spans.set(span.start, span);
    }
    return [...spans.values()].sort((a, b) => a.start - b.start);
  },
};

type Yaml = typeof import('yaml');

/** The `image` of every service, through aliases and merge keys. */
function images(yaml: Yaml, document: Document): readonly Scalar[] {
  const resolve = (node: unknown): Node | null => {
    if (yaml.isAlias(node)) return node.resolve(document) ?? null;
    return yaml.isNode(node) ? node : null;
  };
  const found: Scalar[] = [];
  const visit = (service: unknown, seen: ReadonlySet<unknown>): void => {
    const node = resolve(service);
    if (yaml.isSeq(node)) for (const item of node.items) visit(item, seen);
    if (!yaml.isMap(node) || seen.has(node)) return;
    for (const { key, value } of node.items) {
      const image = resolve(value);
      if (keyOf(yaml, key) === 'image' && yaml.isScalar(image)) found.push(image);
      if (keyOf(yaml, key) === '<<') visit(value, new Set([...seen, node]));
    }
  };
  const services = resolve(yaml.isMap(document.contents) ? valueOf(yaml, document.contents, 'services') : null);
  if (yaml.isMap(services)) for (const { value } of services.items) visit(value, new Set());
  return found;
}

function keyOf(yaml: Yaml, key: unknown): unknown {
  return yaml.isScalar(key) ? key.value : key;
}

function valueOf(yaml: Yaml, map: YAMLMap, key: string): unknown {
  return map.items.find((pair) => keyOf(yaml, pair.key) === key)?.value ?? null;
}

const TAG = new RegExp(`^(v?)(${TAG_VERSION})$`);
const DEFAULTED = /^(\$\{[A-Za-z_][A-Za-z0-9_]*:?-)([\s\S]*)\}$/;

function imageSpan(
  yaml: Yaml,
  path: string,
  content: string,
  scalar: Scalar,
  repositories: ReadonlySet<string>,
): VersionSpan | null {
  const [from, to] = scalar.range ?? [0, 0];
  const value = String(scalar.value);
  const quoted = scalar.type === yaml.Scalar.QUOTE_SINGLE || scalar.type === yaml.Scalar.QUOTE_DOUBLE;
  const raw = quoted ? content.slice(from + 1, to - 1) : content.slice(from, to);
  const at = from + (quoted ? 1 : 0);
  const image = unwrap(value);
  const repository = [...repositories].find((name) => image.text.startsWith(`${name}:`));
  if (repository === undefined) return null;
  const tag = unwrap(image.text.slice(repository.length + 1));
  const match = TAG.exec(tag.text);
  if (!match) return null;
  if (raw !== value) {
    throw new ManifestError(
      path,
      lineAt(content, from),
      `the image ${value} is written with escapes or over several lines; write it on one`,
    );
  }
  const [, prefix = '', text = ''] = match;
  const start = at + image.at + repository.length + 1 + tag.at + prefix.length;
  return { start, end: start + text.length, text, of: { kind: 'image', name: repository } };
}

/** What `${VARIABLE:-…}` defaults to, however often it is wrapped, and where that starts. */
function unwrap(text: string): { readonly text: string; readonly at: number } {
  const match = DEFAULTED.exec(text);
  if (!match) return { text, at: 0 };
  const [, opening = '', inner = ''] = match;
  const rest = unwrap(inner);
  return { text: rest.text, at: opening.length + rest.at };
}
