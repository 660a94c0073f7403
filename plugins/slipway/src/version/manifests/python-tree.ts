import { ManifestError } from './editor';
import { lineAt } from './text';

type Parser = (typeof import('@lezer/python'))['parser'];
export type PythonNode = ReturnType<Parser['parse']>['topNode'];

export interface PythonFile {
  readonly path: string;
  readonly content: string;
  /** Every node of that name, in the order of the text. */
  nodes(name: string): readonly PythonNode[];
  /** Where the last operator of an assignment starts; -1 where the node is none. */
  lastOperator(statement: PythonNode): number;
}

/** @throws {ManifestError} where the text is no Python. */
export function parsePython(path: string, content: string): PythonFile {
  // Nx infers targets through here: the parser loads with the first file that needs it.
  const { parser } = require('@lezer/python') as typeof import('@lezer/python');
  const byName = new Map<string, PythonNode[]>();
  const operators = new Map<string, number>();
  parser.parse(content).iterate({
    enter(reference) {
      if (reference.type.isError) {
        throw new ManifestError(path, lineAt(content, reference.from), 'not valid Python from here on');
      }
      const nodes = byName.get(reference.name);
      if (nodes) nodes.push(reference.node);
      else byName.set(reference.name, [reference.node]);
      if (reference.name !== 'AssignOp' && reference.name !== 'UpdateOp') return;
      const { parent } = reference.node;
      if (parent) operators.set(`${parent.from}:${parent.to}`, reference.from);
    },
  });
  return {
    path,
    content,
    nodes: (name) => byName.get(name) ?? [],
    lastOperator: ({ from, to }) => operators.get(`${from}:${to}`) ?? -1,
  };
}

export function textOf(file: PythonFile, node: PythonNode): string {
  return file.content.slice(node.from, node.to);
}

export function pythonProblem(file: PythonFile, node: PythonNode, text: string): ManifestError {
  return new ManifestError(file.path, lineAt(file.content, node.from), text);
}

/** Nodes of that name inside another one, in the order of the text. */
export function within(file: PythonFile, outer: PythonNode, name: string): readonly PythonNode[] {
  return file.nodes(name).filter(({ from, to }) => from >= outer.from && to <= outer.to);
}

export interface Literal {
  readonly start: number;
  readonly text: string;
}

/** A string without prefix, escapes and replacements; null for any other. */
export function stringLiteral(file: PythonFile, node: PythonNode): Literal | null {
  if (node.name !== 'String') return null;
  const match = /^([rRuU]?("""|'''|"|'))([^\\]*)\2$/.exec(textOf(file, node));
  if (!match) return null;
  const [, opening = '', , text = ''] = match;
  return { start: node.from + opening.length, text };
}

/** The values that a call gets, without commas: positional ones have no name. */
export function callArguments(
  file: PythonFile,
  call: PythonNode,
): readonly { readonly name: string | null; readonly value: PythonNode }[] {
  const given: { name: string | null; value: PythonNode }[] = [];
  for (let node = call.getChild('ArgList')?.firstChild ?? null; node; node = node.nextSibling) {
    if (/^[(),*]+$/.test(node.name)) continue;
    const operator = node.nextSibling?.name === 'AssignOp' ? node.nextSibling : null;
    const value = operator?.nextSibling ?? null;
    if (operator && value && textOf(file, operator) === '=') {
      given.push({ name: textOf(file, node), value });
      node = value;
    } else given.push({ name: null, value: node });
  }
  return given;
}
