import { bindingOf } from './python-bindings';
import {
  callArguments,
  stringLiteral,
  textOf,
  within,
  type Literal,
  type PythonFile,
  type PythonNode,
} from './python-tree';
import { moduleFiles, versionFileFrom } from './version-files';

/** What an expression gives for a version. */
export type VersionSource =
  | { readonly kind: 'literal'; readonly literal: Literal }
  | { readonly kind: 'tuple'; readonly tuple: PythonNode }
  /** It is read from one of these files, as workspace paths. */
  | { readonly kind: 'files'; readonly files: readonly string[] };

/** How often a name may stand for another one. */
const STEPS = 5;

/** Null where it can't be told without running the file. */
export function versionSource(file: PythonFile, node: PythonNode, steps = STEPS): VersionSource | null {
  if (steps === 0) return null;
  const literal = stringLiteral(file, node);
  if (literal !== null) return { kind: 'literal', literal };
  const tuple = joinedTuple(file, node);
  if (tuple !== null) return { kind: 'tuple', tuple };
  switch (node.name) {
    case 'VariableName': {
      const binding = bindingOf(file, textOf(file, node));
      if (binding?.kind === 'value') return versionSource(file, binding.value, steps - 1);
      return binding?.kind === 'import' ? filesOf(importedFiles(file, binding.statement, textOf(file, node))) : null;
    }
    case 'CallExpression':
    case 'MemberExpression':
      return filesOf(
        executedFiles(file, node) ?? attributeFiles(file, node) ?? readFiles(file, node) ?? helperFiles(file, node),
      );
    default:
      return null;
  }
}

function filesOf(files: readonly string[] | null): VersionSource | null {
  return files === null || files.length === 0 ? null : { kind: 'files', files };
}

/** How people make text of a tuple: `".".join(map(str, V))`, `"%d.%d.%d" % V`, and Django's `get_version(V)`. */
const JOINED = [
  /^(["'])\.\1\.join\(\s*map\(\s*str\s*,\s*([A-Za-z_]\w*)(?:\[:3\])?\s*\)\s*\)$/,
  /^(["'])\.\1\.join\(\s*\[?\s*str\((\w+)\)\s+for\s+\2\s+in\s+([A-Za-z_]\w*)(?:\[:3\])?\s*\]?\s*\)$/,
  /^(["'])\.\1\.join\(\s*([A-Za-z_]\w*)(?:\[:3\])?\s*\)$/,
  /^(["'])%[ds]\.%[ds]\.%[ds]\1\s*%\s*([A-Za-z_]\w*)(?:\[:3\])?$/,
  /^(["'])\{\d?\}\.\{\d?\}\.\{\d?\}\1\.format\(\s*\*([A-Za-z_]\w*)(?:\[:3\])?\s*\)$/,
  /^(?:\w+\.)*()get_version\(\s*([A-Za-z_]\w*)\s*\)$/,
];

function joinedTuple(file: PythonFile, node: PythonNode): PythonNode | null {
  // Longer than any of these forms.
  if (node.to - node.from > 300) return null;
  const text = textOf(file, node);
  for (const form of JOINED) {
    const match = form.exec(text);
    if (!match) continue;
    const binding = bindingOf(file, match.at(-1) ?? '');
    const isTuple = binding?.kind === 'value' && /^(?:Tuple|Array)Expression$/.test(binding.value.name);
    return isTuple ? binding.value : null;
  }
  return null;
}

/** `from package.module import __version__`. */
function importedFiles(file: PythonFile, statement: PythonNode, name: string): readonly string[] | null {
  const match = /^from\s+([A-Za-z_][\w.]*)\s+import\s+([\s\S]+)$/.exec(textOf(file, statement));
  if (!match) return null;
  const [, module = '', imported = ''] = match;
  const given = imported.replace(/[()\\]/g, ' ').split(',');
  const isNamed = given.some(
    (one) =>
      one
        .trim()
        .split(/\s+as\s+/)
        .at(-1) === name,
  );
  return isNamed ? moduleFiles(file.path, module) : null;
}

/** `import package.module` and `package.module.__version__`. */
function attributeFiles(file: PythonFile, node: PythonNode): readonly string[] | null {
  const match = /^([A-Za-z_][\w.]*)\.(?:__version__|VERSION|version)$/.exec(textOf(file, node));
  if (!match) return null;
  const [, module = ''] = match;
  const names = file.nodes('ImportStatement').map((statement) => textOf(file, statement));
  return names.some((text) => text.split(/[\s,]+/).includes(module)) ? moduleFiles(file.path, module) : null;
}

/** `exec(open("package/__version__.py").read(), about)` and `about["__version__"]`. */
function executedFiles(file: PythonFile, node: PythonNode): readonly string[] | null {
  const dictionary = /^([A-Za-z_]\w*)\[\s*(["'])\w+\2\s*\]$/.exec(textOf(file, node))?.[1];
  if (node.name !== 'MemberExpression' || dictionary === undefined) return null;
  const runs = file.nodes('CallExpression').filter((call) => {
    if (!call.firstChild || textOf(file, call.firstChild) !== 'exec') return false;
    return callArguments(file, call).some(({ value }) => textOf(file, value) === dictionary);
  });
  const [run, second] = runs;
  const code = run === undefined ? undefined : callArguments(file, run)[0]?.value;
  return code === undefined || second !== undefined ? null : readFiles(file, code);
}

/** `open("VERSION").read().strip()`, `(HERE / "VERSION").read_text()`, and `f.read()` in `with open("VERSION") as f`. */
function readFiles(file: PythonFile, node: PythonNode): readonly string[] | null {
  const parts = openedPath(file, node);
  if (parts === null) return null;
  const path = versionFileFrom(file.path, parts.join('/'));
  return path === null ? null : [path];
}

function openedPath(file: PythonFile, node: PythonNode, steps = STEPS): readonly string[] | null {
  if (steps === 0) return null;
  for (const call of within(file, node, 'CallExpression')) {
    const callee = call.firstChild;
    const name = callee === null ? '' : /(?:^|\.)(\w+)$/.exec(textOf(file, callee))?.[1];
    if (callee === null) continue;
    const receiver = callee.name === 'MemberExpression' ? callee.firstChild : null;
    if (name === 'open') {
      const [first] = callArguments(file, call);
      // `Path("VERSION").open()` has its path in front.
      const path = first?.name === null && !isMode(file, first.value) ? first.value : receiver;
      return path ? pathStrings(file, path) : null;
    }
    if (name === 'read_text' && receiver) return pathStrings(file, receiver);
    if ((name === 'read' || name === 'readline') && receiver?.name === 'VariableName') {
      const binding = bindingOf(file, textOf(file, receiver));
      if (binding !== null && binding.kind !== 'import') return openedPath(file, binding.value, steps - 1);
    }
  }
  return null;
}

/**
 * `find_version("package", "__init__.py")` and `get_version("package")`, by a function of this file that opens what it is
 * told to. `get_version()`, by one that opens a file by its name.
 */
function helperFiles(file: PythonFile, call: PythonNode): readonly string[] | null {
  const callee = call.name === 'CallExpression' ? call.firstChild : null;
  const name = callee?.name === 'VariableName' ? textOf(file, callee) : null;
  const defined = file
    .nodes('FunctionDefinition')
    .filter((one) => name !== null && textOf(file, one.getChild('VariableName') ?? one) === name);
  const [helper, second] = defined;
  if (!helper || second) return null;
  const given = callArguments(file, call);
  if (given.length === 0) return readFiles(file, helper);
  const parts = given.map(({ name: key, value }) => (key === null ? stringLiteral(file, value)?.text : undefined));
  if (!parts.every((part) => part !== undefined)) return null;
  const told = versionFileFrom(file.path, parts.join('/'));
  if (told !== null) return [told];
  const module = within(file, helper, 'String').find((string) => stringLiteral(file, string)?.text.endsWith('.py'));
  const inside = module === undefined ? null : stringLiteral(file, module)?.text;
  return inside == null ? null : [versionFileFrom(file.path, [...parts, inside].join('/')) ?? []].flat();
}

function isMode(file: PythonFile, node: PythonNode): boolean {
  return /^[rbtU]{1,3}$/.test(stringLiteral(file, node)?.text ?? '');
}

/** The literal parts of a path, in order; a name stands for what it is bound to. */
function pathStrings(file: PythonFile, node: PythonNode): readonly string[] | null {
  const binding = node.name === 'VariableName' ? bindingOf(file, textOf(file, node)) : null;
  const path = binding?.kind === 'value' ? binding.value : node;
  const parts = [...(path.name === 'String' ? [path] : within(file, path, 'String'))].map(
    (string) => stringLiteral(file, string)?.text ?? null,
  );
  return parts.length > 0 && parts.every((part) => part !== null) ? parts : null;
}
