import {
  createScanner,
  findNodeAtLocation,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import type { z } from 'zod';
import { ConfigError, type ConfigProblem } from './error';
import { strictTree } from './strict-json';
import { closest } from './suggest';

/** A file of JSON with comments and trailing commas, with the place of every value. */
export interface Parsed<T> {
  readonly data: T;
  /** A problem at a place of the file, for what the schema can't say. */
  readonly problemAt: (
    path: readonly (string | number)[],
    message: string,
    expected: string,
    suggestion?: string | null,
  ) => ConfigProblem;
}

/**
 * Parses JSON with comments and trailing commas by a schema.
 * @param prepare changes the value before the schema sees it
 * @throws {ConfigError} naming every wrong key or value with its line.
 */
export function parseJsonc<S extends z.ZodType>(
  schema: S,
  text: string,
  file: string,
  prepare: (value: unknown) => unknown = (value) => value,
): Parsed<z.output<S>> {
  const source = text.replace(/^\uFEFF/, '');
  const tree = strictTree(source) ?? parsedTree(source, file);
  const duplicates = duplicateKeys(tree, source);
  const result = schema.safeParse(prepare(valueOf(tree)));
  if (!result.success || duplicates.length > 0) {
    const issues = result.success ? [] : result.error.issues;
    throw new ConfigError(
      file,
      [...duplicates, ...issues.flatMap((issue) => problems(issue, { schema, tree, source }))].sort(byPlace),
    );
  }
  return {
    data: result.data,
    problemAt: (path, message, expected, suggestion = null) => ({
      ...position(source, nearest(tree, path).offset),
      key: dotted(path),
      message,
      expected,
      suggestion,
    }),
  };
}

function parsedTree(source: string, file: string): Node {
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
  if (tree !== undefined && firstError === undefined) return tree;
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

interface Source {
  readonly schema: z.core.$ZodType;
  readonly tree: Node;
  readonly source: string;
}

function problems(issue: Issue, whole: Source): ConfigProblem[] {
  const { schema, tree, source } = whole;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const place = keyNode(tree, [...issue.path, key]);
      const known = knownKeys(schema, issue.path);
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
    return best.flatMap((inner) => problems({ ...inner, path: [...issue.path, ...inner.path] }, whole));
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

/** Keys allowed at a place of the schema, by walking its published JSON form. */
function knownKeys(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  let schemas: z.core.$ZodType[] = [schema];
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
  if (node.children === undefined) return [];
  const own = (node.type === 'object' ? node.children : []).flatMap((property): ConfigProblem[] => {
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
  return [...own, ...node.children.flatMap((child) => duplicateKeys(child, source))];
}

function position(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

export function byPlace(a: ConfigProblem, b: ConfigProblem): number {
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
