import { PEP440, versionSpan } from './dialects';
import { ManifestError, type ManifestEditor, type VersionSpan } from './editor';
import { binds } from './python-bindings';
import { parsePython, pythonProblem, stringLiteral, textOf, type PythonFile, type PythonNode } from './python-tree';
import { tupleSpan } from './python-tuple';
import { baseName, lineAt } from './text';
import { PYTHON_VERSION_FILE } from './version-files';

/** Names that hold the version by custom. Only the first one can hold nothing else. */
const NAMES = ['__version__', 'VERSION', '__version_info__', 'version_info', 'version_tuple', 'version'];

/**
 * Modules that hold a Python package's version (`__init__.py`, `_version.py` and the like): `__version__ = "1.2.0"`,
 * `VERSION = (1, 2, 0)`, `VERSION = (1, 2, 0, "final", 0)`. What is computed from one of them, or read from the installed
 * package, follows by itself.
 */
export const pythonModule: ManifestEditor = {
  kind: 'Python module',
  ecosystem: 'python',
  matches: (path) => PYTHON_VERSION_FILE.test(baseName(path)),
  find(path, content, names) {
    // Others may be somebody else's code, that was copied in.
    if (names.versionFiles?.has(path) === false || !/version/i.test(content)) return [];
    const file = parsePython(path, content);
    const spans = NAMES.flatMap((name) => assignedVersion(file, name));
    const [first] = spans;
    const other = spans.find(({ version }) => version !== first?.version);
    if (first && other) {
      const problem = `${other.text} is not ${first.text}, which stands here too; which one is the version is unclear`;
      throw new ManifestError(path, lineAt(content, other.start), problem);
    }
    return spans;
  },
};

function assignedVersion(file: PythonFile, name: string): readonly VersionSpan[] {
  const targets = file.nodes('VariableName').filter((node) => textOf(file, node) === name && binds(file, node));
  const spans = targets.flatMap((target) => spanOf(file, target, name) ?? []);
  if (spans.length === 0) return [];
  const [, second] = targets;
  if (second) throw pythonProblem(file, second, `${name} is given a value twice; which one counts is unclear`);
  return spans;
}

function spanOf(file: PythonFile, target: PythonNode, name: string): VersionSpan | null {
  const statement = target.parent;
  const value = statement?.lastChild;
  if (statement?.name !== 'AssignStatement' || !value) return null;
  const span = literalSpan(file, value, name);
  if (span === null) return null;
  if (statement.parent?.name !== 'Script')
    throw pythonProblem(file, target, `${name} is given a value under a condition or in a block; write it at the top`);
  if (statement.getChildren('AssignOp').length !== 1)
    throw pythonProblem(file, target, `${name} shares its value with another name; write them apart`);
  return span;
}

function literalSpan(file: PythonFile, value: PythonNode, name: string): VersionSpan | null {
  switch (value.name) {
    case 'String': {
      const literal = stringLiteral(file, value);
      if (literal === null) throw pythonProblem(file, value, `${name} is no plain string; write it without escapes`);
      if (name !== '__version__' && !/^\d+\.\d+\.\d+/.test(literal.text)) return null;
      // A placeholder beside `from ._version import __version__` is no version.
      if (!/\d/.test(literal.text)) return null;
      return versionSpan({ ...file, start: literal.start }, literal.text, PEP440, { kind: 'version' });
    }
    case 'TupleExpression':
    case 'ArrayExpression':
      return tupleSpan(file, value, { kind: 'version' });
    case 'BinaryExpression':
    case 'FormatString':
    case 'ContinuedString':
    case 'ConditionalExpression':
      // Joined from other names alone, it follows them.
      if (name !== '__version__' || !/\d/.test(textOf(file, value))) return null;
      throw pythonProblem(file, value, `${name} is built from an expression; write it as one string`);
    default:
      return null;
  }
}
