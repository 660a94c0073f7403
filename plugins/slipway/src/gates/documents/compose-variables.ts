import type { Document, Node, Scalar } from 'yaml';

/** A variable that a file reads from the environment, and where. */
export interface VariableRead {
  readonly name: string;
  /** 1-based. */
  readonly line: number;
}

/** A file that can't be read as what it is; `line` is 1-based. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

const COMPOSE_FILE = /(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/i;

export function isComposeFile(path: string): boolean {
  return COMPOSE_FILE.test(path);
}

/**
 * The variables a Compose file takes from outside: those that its values interpolate, and those of `environment` and `build.args`
 * that it only passes on. Source: the Compose specification, "Interpolation" and "environment".
 * @throws {DocumentError} where it is no YAML.
 */
export function composeVariables(content: string): readonly VariableRead[] {
  const yaml = require('yaml') as typeof import('yaml');
  const found = new Map<string, number>();
  const lines = new yaml.LineCounter();
  const add = (name: string, offset: number): void => {
    const line = lines.linePos(offset).line;
    if (!found.has(name)) found.set(name, line);
  };
  const documents = yaml.parseAllDocuments(content, { lineCounter: lines, prettyErrors: false });
  for (const document of 'empty' in documents ? [] : documents) {
    const [error] = document.errors;
    if (error) throw new DocumentError(lines.linePos(error.pos[0]).line, `not valid YAML: ${firstLine(error.message)}`);
    yaml.visit(document, {
      Scalar(key, scalar) {
        if (key === 'key' || typeof scalar.value !== 'string') return;
        const [start = 0, end = start] = scalar.range ?? [];
        for (const name of interpolated(scalar.value)) add(name, start + placeOf(name, content.slice(start, end)));
      },
    });
    for (const node of passingNodes(yaml, document))
      for (const { name, at } of passedOn(yaml, document, node)) add(name, at);
  }
  return [...found]
    .map(([name, line]) => ({ name, line }))
    .sort((a, b) => a.line - b.line || (a.name < b.name ? -1 : 1));
}

/** Names in `$NAME`, `${NAME}` and its forms with a default, an error or another value, which may hold more; `$$` is a dollar. */
export function interpolated(text: string): readonly string[] {
  const names: string[] = [];
  for (let at = text.indexOf('$'); at >= 0; at = text.indexOf('$', at)) {
    if (text[at + 1] === '$') {
      at += 2;
      continue;
    }
    const [, brace = '', name = ''] = /^\$(\{?)([A-Za-z_][A-Za-z0-9_]*)/.exec(text.slice(at, at + 300)) ?? [];
    if (name !== '') names.push(name);
    // Behind the name only: what stands inside the braces may interpolate too.
    at += 1 + brace.length + name.length;
  }
  return names;
}

function placeOf(name: string, source: string): number {
  return Math.max(0, source.search(new RegExp(`\\$\\{?${name}(?![A-Za-z0-9_])`)));
}

/** What stands under `environment` and `build.args` of the services. */
function passingNodes(yaml: typeof import('yaml'), document: Document): readonly Node[] {
  const services = document.get('services', true);
  if (!yaml.isMap(services)) return [];
  return services.items.flatMap(({ value }) => {
    const service = resolve(yaml, document, value);
    if (!yaml.isMap(service)) return [];
    const build = resolve(yaml, document, service.get('build', true));
    const nodes = [service.get('environment', true), yaml.isMap(build) ? build.get('args', true) : undefined];
    return nodes.flatMap((node) => resolve(yaml, document, node) ?? []);
  });
}

/** `NAME` in a list, or `NAME:` without a value in a map: the value comes from outside. */
function passedOn(
  yaml: typeof import('yaml'),
  document: Document,
  node: Node,
  seen: Set<Node> = new Set(),
): readonly { readonly name: string; readonly at: number }[] {
  // Once each: merges may name each other many times over.
  if (seen.has(node)) return [];
  seen.add(node);
  if (yaml.isSeq(node)) {
    return node.items.flatMap((item) => {
      const scalar = resolve(yaml, document, item);
      return yaml.isScalar(scalar) && isName(scalar.value) ? [{ name: scalar.value, at: startOf(scalar) }] : [];
    });
  }
  if (!yaml.isMap(node)) return [];
  return node.items.flatMap(({ key, value }) => {
    const target = resolve(yaml, document, value);
    if (!yaml.isScalar(key)) return [];
    if (key.value === '<<') {
      const merged = yaml.isSeq(target) ? target.items : [target];
      return merged.flatMap((item) => {
        const map = resolve(yaml, document, item);
        return map === null ? [] : passedOn(yaml, document, map, seen);
      });
    }
    const empty = target === null || (yaml.isScalar(target) && target.value === null);
    return empty && isName(key.value) ? [{ name: key.value, at: startOf(key) }] : [];
  });
}

function resolve(yaml: typeof import('yaml'), document: Document, node: unknown): Node | null {
  if (yaml.isAlias(node)) return node.resolve(document) ?? null;
  return yaml.isNode(node) ? node : null;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(value);
}

function startOf(scalar: Scalar): number {
  return scalar.range?.[0] ?? 0;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}
