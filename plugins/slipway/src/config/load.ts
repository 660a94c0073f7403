import {
  createScanner,
  findNodeAtLocation,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import type { z } from 'zod';
import { checkRelease } from './check-release';
import { ConfigError, type ConfigProblem } from './error';
import { withNxDefaults, type NxReleaseDefaults } from './nx-defaults';
import { slipwaySchema, type SlipwayConfig } from './schema';
import { closest } from './suggest';

export type { NxReleaseDefaults } from './nx-defaults';

export const CONFIG_FILE = 'slipway.json';

/**
 * Parses `slipway.json` (JSON with comments and trailing commas) and fills in the defaults.
 * `text` is null where there is no such file: everything then has its default.
 * @throws {ConfigError} naming every wrong key or value with its line.
 */
export function parseConfig(text: string | null, file = CONFIG_FILE, nx: NxReleaseDefaults = {}): SlipwayConfig {
  const source = text === null ? '{}' : text.replace(/^\uFEFF/, '');
  const errors: ParseError[] = [];
  const deep = tooDeep(source);
  if (deep !== null)
    throw new ConfigError(file, [
      {
        ...position(source, deep),
        key: '',
        message: `nested more than ${DEEPEST} levels deep`,
        expected: 'a few levels',
        suggestion: null,
      },
    ]);
  const tree = parseTree(source, errors, { allowTrailingComma: true });
  const firstError = errors[0];
  if (tree === undefined || firstError !== undefined) {
    const offset = firstError?.offset ?? 0;
    const what = firstError ? printParseErrorCode(firstError.error) : 'ValueExpected';
    throw new ConfigError(file, [
      {
        ...position(source, offset),
        key: '',
        message: tree === undefined ? 'the file is empty' : `not valid JSON (${spaced(what)})`,
        expected: 'one JSON object; comments and trailing commas are allowed',
        suggestion: null,
      },
    ]);
  }
  const duplicates = duplicateKeys(tree, source);
  const result = slipwaySchema.safeParse(withNxDefaults(valueOf(tree), nx));
  if (!result.success || duplicates.length > 0) {
    const issues = result.success ? [] : result.error.issues;
    throw new ConfigError(
      file,
      [...duplicates, ...issues.flatMap((issue) => problems(issue, tree, source))].sort(byPlace),
    );
  }
  const crossed = crossCheck(result.data, tree, source);
  if (crossed.length > 0) throw new ConfigError(file, crossed.sort(byPlace));
  return result.data;
}

/** Deeper than any configuration. Parsers recurse, so a file beyond it would end them with a full stack. */
const DEEPEST = 64;

/** Offset of the bracket that goes too deep; null where none does. */
function tooDeep(source: string): number | null {
  const scanner = createScanner(source, true);
  let depth = 0;
  for (scanner.scan(); scanner.getTokenOffset() < source.length; scanner.scan()) {
    // A string begins with its quote: a bracket here is one of the document.
    const first = source[scanner.getTokenOffset()];
    if (first === '{' || first === '[') {
      if (++depth > DEEPEST) return scanner.getTokenOffset();
    } else if (first === '}' || first === ']') depth--;
  }
  return null;
}

/** jsonc-parser's own getNodeValue lets a key `__proto__` through to the prototype; this does not. */
function valueOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(valueOf);
  if (node.type !== 'object') return node.value as unknown;
  const entries = (node.children ?? []).flatMap((property): [string, unknown][] => {
    const [key, value] = property.children ?? [];
    return key && value ? [[String(key.value), valueOf(value)]] : [];
  });
  return Object.fromEntries(entries);
}

type Issue = z.core.$ZodIssue;

function problems(issue: Issue, tree: Node, source: string): ConfigProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const place = keyNode(tree, [...issue.path, key]);
      const known = knownKeys(issue.path);
      return {
        ...position(source, place?.offset ?? 0),
        key: dotted([...issue.path, key]),
        message: 'unknown key',
        expected: known.length > 0 ? `one of ${known.join(', ')}` : 'no further keys here',
        suggestion: closest(key, known),
      };
    });
  }
  if (issue.code === 'invalid_key') {
    const expected = issue.issues.map(({ message }) => message).join(', ');
    const place = nearest(tree, issue.path);
    const name = JSON.stringify(issue.path.at(-1));
    return [
      {
        ...position(source, place.offset),
        key: dotted(issue.path),
        message: `${name} is no name here`,
        expected,
        suggestion: null,
      },
    ];
  }
  // A union says little; the branch that got furthest says what is really wrong.
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const best = [...issue.errors].sort((a, b) => a.length - b.length || depth(b) - depth(a))[0] ?? [];
    return best.flatMap((inner) => problems({ ...inner, path: [...issue.path, ...inner.path] }, tree, source));
  }
  const node = nearest(tree, issue.path);
  const actual = findNodeAtLocation(tree, issue.path as (string | number)[]);
  const values = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  return [
    {
      ...position(source, node.offset),
      key: dotted(issue.path),
      message: actual === undefined ? 'missing' : `${shown(actual)} is not allowed`,
      expected:
        values.length > 0
          ? `one of ${values.join(', ')}`
          : issue.message.replace(/^Invalid input: expected /, '').replace(/, received \w+$/, ''),
      suggestion: actual?.type === 'string' ? closest(String(actual.value), values) : null,
    },
  ];
}

function depth(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

/** References within the configuration that no schema can check. */
function crossCheck(config: SlipwayConfig, tree: Node, source: string): ConfigProblem[] {
  const found: ConfigProblem[] = [];
  const environments = Object.keys(config.environments);
  const images = Object.keys(config.images);
  const report = (path: (string | number)[], message: string, expected: string, suggestion: string | null): void => {
    found.push({ ...position(source, nearest(tree, path).offset), key: dotted(path), message, expected, suggestion });
  };
  environments.forEach((name, index) => {
    const environment = config.environments[name];
    const earlier = environments.slice(0, index);
    const from = environment?.requires.verifiedIn;
    if (from !== undefined && !earlier.includes(from)) {
      const expected =
        earlier.length > 0
          ? `an environment that stands before ${name}: ${earlier.join(', ')}`
          : `nothing: no environment stands before ${name}`;
      report(
        ['environments', name, 'requires', 'verifiedIn'],
        `"${from}" is not an earlier environment`,
        expected,
        closest(from, earlier),
      );
    }
    environment?.services?.forEach((service, at) => {
      if (!images.includes(service))
        report(
          ['environments', name, 'services', at],
          `"${service}" is not an image`,
          `one of the keys of images: ${images.join(', ') || 'none yet'}`,
          closest(service, images),
        );
    });
    if (images.length === 0)
      report(['environments', name], 'there is nothing to deploy', 'at least one entry under images', null);
  });
  if (
    new Set(Object.values(config.environments).map((environment) => environment.project)).size < environments.length
  ) {
    report(
      ['environments'],
      'two environments share one Compose project, so one would replace the other',
      'a different project for each environment',
      null,
    );
  }
  for (const { path, message, expected } of checkRelease(config.release)) report(path, message, expected, null);
  return found;
}

/** Keys allowed at a place of the schema, by walking its published JSON form. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  let schemas: z.core.$ZodType[] = [slipwaySchema];
  for (const key of path) schemas = schemas.flatMap((schema) => childrenAt(schema, key));
  return [...new Set(schemas.flatMap(objectKeys))].sort();
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType[] {
  const def = schema._zod.def as { type: string; innerType?: z.core.$ZodType; options?: readonly z.core.$ZodType[] };
  if (def.innerType) return unwrapped(def.innerType);
  if (def.type === 'union') return (def.options ?? []).flatMap(unwrapped);
  return [schema];
}

function objectKeys(schema: z.core.$ZodType): string[] {
  return unwrapped(schema).flatMap((inner) => Object.keys((inner._zod.def as { shape?: object }).shape ?? {}));
}

function childrenAt(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType[] {
  return unwrapped(schema).flatMap((inner) => {
    const def = inner._zod.def as {
      type: string;
      shape?: Record<PropertyKey, z.core.$ZodType>;
      valueType?: z.core.$ZodType;
      element?: z.core.$ZodType;
    };
    const child = def.type === 'array' ? def.element : (def.shape?.[key] ?? def.valueType);
    return child ? [child] : [];
  });
}

function nearest(tree: Node, path: readonly PropertyKey[]): Node {
  for (let length = path.length; length > 0; length--) {
    const part = path.slice(0, length) as (string | number)[];
    const node = keyNode(tree, part) ?? findNodeAtLocation(tree, part);
    if (node) return node;
  }
  return tree;
}

/** The node of the key itself (not of its value), so that the line is the one a person looks for. */
function keyNode(tree: Node, path: readonly PropertyKey[]): Node | undefined {
  const value = findNodeAtLocation(tree, path as (string | number)[]);
  return value?.parent?.type === 'property' ? value.parent.children?.[0] : value;
}

function duplicateKeys(node: Node, source: string): ConfigProblem[] {
  const seen = new Set<string>();
  const own = (node.type === 'object' ? (node.children ?? []) : []).flatMap((property): ConfigProblem[] => {
    const key = property.children?.[0];
    if (!key) return [];
    const name = String(key.value);
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [
      {
        ...position(source, key.offset),
        key: name,
        message: 'the key stands here a second time',
        expected: 'each key once',
        suggestion: null,
      },
    ];
  });
  return [...own, ...(node.children ?? []).flatMap((child) => duplicateKeys(child, source))];
}

function position(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function byPlace(a: ConfigProblem, b: ConfigProblem): number {
  return a.line - b.line || a.column - b.column;
}

function dotted(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : String(part)))
    .join('.')
    .replaceAll('.[', '[');
}

function shown(node: Node): string {
  if (node.type === 'object' || node.type === 'array') return `an ${node.type}`;
  return JSON.stringify(node.value);
}

function spaced(camel: string): string {
  return camel.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
