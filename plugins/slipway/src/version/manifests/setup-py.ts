import { ManifestError, type ManifestEditor } from './editor';
import { parsePython, type PythonFile, type PythonNode } from './python-tree';
import { baseName, isPlainVersion, lineAt } from './text';

/** `setup.py`: the `version` of its one setup() call, as a literal or as a name bound once to a literal. */
export const setupPy: ManifestEditor = {
  kind: 'setup.py',
  matches: (path) => baseName(path) === 'setup.py',
  find(path, content) {
    const file = parsePython(path, content);
    const call = setupCall(file);
    const value = keyword(file, call, 'version');
    if (value === null) throw problem(file, call, 'setup() is given no version; write version="X.Y.Z"');
    const literal = literalOf(file, value);
    if (literal === null) {
      throw problem(
        file,
        value,
        `the version is ${textOf(file, value)}; a string literal was expected, or a name bound once, at the top, to one`,
      );
    }
    if (!isPlainVersion(literal.text)) {
      throw problem(file, value, `the version is "${literal.text}"; Python versions are plain X.Y.Z here`);
    }
    return [{ ...literal, end: literal.start + literal.text.length, of: { kind: 'version' } }];
  },
};

/** The package's name as setup() gets it, or null where that is no literal. */
export function readPythonName(path: string, content: string): string | null {
  const file = parsePython(path, content);
  const value = keyword(file, setupCall(file), 'name');
  return value === null ? null : (literalOf(file, value)?.text ?? null);
}

const SETUP = new Set(['setup', 'setuptools.setup', 'distutils.core.setup']);

function setupCall(file: PythonFile): PythonNode {
  const calls = file
    .nodes('CallExpression')
    .filter((call) => call.firstChild && SETUP.has(textOf(file, call.firstChild)));
  const [call, second] = calls;
  if (!call) throw new ManifestError(file.path, 1, 'no call of setup() was found');
  if (second) throw problem(file, second, 'a second call of setup(); which one counts is unclear');
  return call;
}

function keyword(file: PythonFile, call: PythonNode, name: string): PythonNode | null {
  const given: PythonNode[] = [];
  for (let node = call.getChild('ArgList')?.firstChild ?? null; node; node = node.nextSibling) {
    const value = node.nextSibling?.name === 'AssignOp' ? node.nextSibling.nextSibling : null;
    if (value && node.name === 'VariableName' && textOf(file, node) === name) given.push(value);
  }
  const [value, second] = given;
  if (second) throw problem(file, second, `setup() is given ${name} twice`);
  return value ?? null;
}

interface Literal {
  readonly start: number;
  readonly text: string;
}

function literalOf(file: PythonFile, node: PythonNode): Literal | null {
  if (node.name === 'String') return stringLiteral(file, node);
  return node.name === 'VariableName' ? boundLiteral(file, textOf(file, node)) : null;
}

function stringLiteral(file: PythonFile, node: PythonNode): Literal | null {
  const match = /^([rRuU]?("""|'''|"|'))([^\\]*)\2$/.exec(textOf(file, node));
  if (!match) return null;
  const [, opening = '', , text = ''] = match;
  return { start: node.from + opening.length, text };
}

/** Null unless the whole file binds the name once, by a plain assignment at the top level. */
function boundLiteral(file: PythonFile, name: string): Literal | null {
  const bindings = file.nodes('VariableName').filter((node) => textOf(file, node) === name && binds(file, node));
  const [target] = bindings;
  const statement = target?.parent;
  if (!target || bindings.length > 1 || statement?.name !== 'AssignStatement' || statement.parent?.name !== 'Script') {
    return null;
  }
  const value = statement.lastChild;
  const plain = statement.getChildren('AssignOp').length === 1 && statement.getChildren('VariableName').length === 1;
  return plain && value?.name === 'String' ? stringLiteral(file, value) : null;
}

/** Places where a name may get another value. Doubtful ones count, so that doubt ends in an error and not in a wrong edit. */
const BINDERS = new Set([
  'ImportStatement',
  'ScopeStatement',
  'DeleteStatement',
  'FunctionDefinition',
  'ClassDefinition',
]);
const TARGETS = new Set(['TupleExpression', 'ArrayExpression', 'ParenthesizedExpression']);

function binds(file: PythonFile, node: PythonNode): boolean {
  let target = node;
  while (target.parent && TARGETS.has(target.parent.name)) target = target.parent;
  const parent = target.parent;
  if (!parent) return false;
  const before = (name: string): boolean => parent.getChildren(name).some(({ from }) => target.from < from);
  switch (parent.name) {
    case 'AssignStatement':
    case 'NamedExpression':
      return before('AssignOp');
    case 'UpdateStatement':
      return before('UpdateOp');
    case 'ParamList':
      return target.prevSibling?.name !== 'AssignOp';
    case 'ArgList':
      // `f(NAME=1)` names an argument, `f(NAME := 1)` binds.
      return target.nextSibling?.name === 'AssignOp' && textOf(file, target.nextSibling) === ':=';
    default:
      return (
        BINDERS.has(parent.name) ||
        parent.name.endsWith('Pattern') ||
        isLoopTarget(target) ||
        target.prevSibling?.name === 'as'
      );
  }
}

/** Whether the keyword before it is `for`, in a loop or a comprehension. */
function isLoopTarget(node: PythonNode): boolean {
  let before = node.prevSibling;
  while (before && !['for', 'in', 'if'].includes(before.name)) before = before.prevSibling;
  return before?.name === 'for';
}

function textOf(file: PythonFile, node: PythonNode): string {
  return file.content.slice(node.from, node.to);
}

function problem(file: PythonFile, node: PythonNode, text: string): ManifestError {
  return new ManifestError(file.path, lineAt(file.content, node.from), text);
}
