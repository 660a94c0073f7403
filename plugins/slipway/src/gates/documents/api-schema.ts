import { isDeepStrictEqual } from 'node:util';
import { errorLine } from '../../io/error-message';

/**
 * Where two descriptions of an API differ, as a path such as `paths./tickets/.get`; null where they say the same. The order
 * of keys, comments and layout do not matter, nor whether it is JSON or YAML.
 * @throws {SchemaError} naming the one that can't be read.
 */
export function schemaDifference(committed: SchemaFile, generated: SchemaFile): string | null {
  return difference(parse(committed), parse(generated), []);
}

export interface SchemaFile {
  readonly path: string;
  readonly content: string;
}

export class SchemaError extends Error {
  override readonly name = 'SchemaError';
  constructor(
    readonly path: string,
    message: string,
  ) {
    super(message);
  }
}

function parse({ path, content }: SchemaFile): object {
  let value: unknown;
  try {
    // YAML takes JSON too, but not as fast, and not all of it.
    value = /^\s*[{[]/.test(content) ? JSON.parse(content) : (require('yaml') as typeof import('yaml')).parse(content);
  } catch (error) {
    throw new SchemaError(path, `neither JSON nor YAML: ${errorLine(error)}`);
  }
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0)
    throw new SchemaError(path, 'it describes nothing');
  return value;
}

function difference(a: unknown, b: unknown, path: readonly string[]): string | null {
  if (isDeepStrictEqual(a, b)) return null;
  if (isContainer(a) && isContainer(b) && Array.isArray(a) === Array.isArray(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const found =
        Object.hasOwn(a, key) && Object.hasOwn(b, key)
          ? difference(a[key], b[key], [...path, key])
          : [...path, key].join('.');
      if (found !== null) return found;
    }
  }
  return path.join('.');
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
