import type { AST } from 'toml-eslint-parser';
import { ManifestError } from './editor';
import { lineAt } from './text';

export type TomlNode = AST.TOMLContentNode;

/** A value with the keys that lead to it; elements of arrays have their index. */
export interface TomlValue {
  readonly keys: readonly (string | number)[];
  readonly node: AST.TOMLValue;
}

export interface TomlFile {
  readonly path: string;
  readonly content: string;
  /** Every value that is no array and no table, in the order of the text. */
  readonly values: readonly TomlValue[];
}

/** @throws {ManifestError} unless it is TOML. */
export function parseToml(path: string, content: string): TomlFile {
  // Nx infers targets through here: the parser loads with the first file that needs it.
  const { parseTOML } = require('toml-eslint-parser') as typeof import('toml-eslint-parser');
  let program: AST.TOMLProgram;
  try {
    program = parseTOML(content);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const at = 'index' in error && typeof error.index === 'number' ? error.index : 0;
    throw new ManifestError(path, lineAt(content, at), `not valid TOML: ${error.message}`);
  }
  const values: TomlValue[] = [];
  const visit = (keys: readonly (string | number)[], node: TomlNode): void => {
    if (node.type === 'TOMLArray') node.elements.forEach((element, index) => visit([...keys, index], element));
    else if (node.type === 'TOMLInlineTable') for (const pair of node.body) visitPair(keys, pair);
    else values.push({ keys, node });
  };
  const visitPair = (keys: readonly (string | number)[], { key, value }: AST.TOMLKeyValue): void =>
    visit([...keys, ...key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value))], value);
  for (const node of program.body[0].body) {
    if (node.type === 'TOMLKeyValue') visitPair([], node);
    else for (const pair of node.body) visitPair(node.resolvedKey, pair);
  }
  return { path, content, values };
}

/** A string whose text in the file is its value; null for others. */
export function tomlText({ content }: TomlFile, { node }: TomlValue): { start: number; text: string } | null {
  if (node.kind !== 'string' || node.multiline) return null;
  const [from, to] = node.range;
  return content.slice(from + 1, to - 1) === node.value ? { start: from + 1, text: node.value } : null;
}

/** Whether a value stands at these keys; `*` is any one key. */
export function isAt({ keys }: TomlValue, pattern: readonly string[]): boolean {
  return keys.length === pattern.length && pattern.every((part, index) => part === '*' || part === keys[index]);
}

export function tomlProblem({ path, content }: TomlFile, { node }: TomlValue, problem: string): ManifestError {
  return new ManifestError(path, lineAt(content, node.range[0]), problem);
}
