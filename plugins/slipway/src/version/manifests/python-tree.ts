import { ManifestError } from './editor';
import { lineAt } from './text';

type Parser = (typeof import('@lezer/python'))['parser'];
export type PythonNode = ReturnType<Parser['parse']>['topNode'];

export interface PythonFile {
  readonly path: string;
  readonly content: string;
  /** Every node of that name, in the order of the text. */
  nodes(name: string): readonly PythonNode[];
}

/** @throws {ManifestError} where the text is no Python. */
export function parsePython(path: string, content: string): PythonFile {
  // Nx infers targets through here: the parser loads with the first file that needs it.
  const { parser } = require('@lezer/python') as typeof import('@lezer/python');
  const byName = new Map<string, PythonNode[]>();
  parser.parse(content).iterate({
    enter(reference) {
      if (reference.type.isError) {
        throw new ManifestError(path, lineAt(content, reference.from), 'not valid Python from here on');
      }
      const nodes = byName.get(reference.name);
      if (nodes) nodes.push(reference.node);
      else byName.set(reference.name, [reference.node]);
    },
  });
  return { path, content, nodes: (name) => byName.get(name) ?? [] };
}
