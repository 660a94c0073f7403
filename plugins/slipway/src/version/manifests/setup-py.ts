import { PEP440, versionSpan } from './dialects';
import { ManifestError, type ManifestEditor, type VersionSpan } from './editor';
import { bindingOf } from './python-bindings';
import {
  callArguments,
  parsePython,
  pythonProblem,
  stringLiteral,
  textOf,
  within,
  type PythonFile,
  type PythonNode,
} from './python-tree';
import { tupleSpan } from './python-tuple';
import { versionSource, type VersionSource } from './python-version-source';
import { knownPythonNames, requirementSpans } from './requirements';
import { baseName, folderOf } from './text';

/**
 * `setup.py`: the `version` of its one setup() call, as a literal, as a name bound once to a literal, or joined from a tuple;
 * and the packages of this workspace that its requirements pin with `==`.
 * A version that it reads from another file is that file's.
 */
export const setupPy: ManifestEditor = {
  kind: 'setup.py',
  ecosystem: 'python',
  matches: (path) => baseName(path) === 'setup.py',
  find(path, content, names) {
    const file = parsePython(path, content);
    const call = setupCall(file);
    const known = knownPythonNames(names);
    const pins = REQUIREMENTS.flatMap((key) => {
      const value = keyword(file, call, key);
      return value === null ? [] : requirementStrings(file, value);
    });
    return [
      ...ownVersion(file, call),
      ...pins.flatMap(({ start, text }) => requirementSpans({ path, content, start }, text, known)),
    ];
  },
  versionIn(path, content) {
    const file = parsePython(path, content);
    const call = setupCall(file);
    const source = sourceOf(file, call);
    return source.kind === 'files' ? source.files : [];
  },
  name(path, content) {
    const file = parsePython(path, content);
    const value = keyword(file, setupCall(file), 'name');
    if (value === null) return null;
    const source = versionSource(file, value);
    return source?.kind === 'literal' ? source.literal.text : null;
  },
};

const REQUIREMENTS = ['install_requires', 'extras_require', 'setup_requires', 'tests_require'];

function ownVersion(file: PythonFile, call: PythonNode): readonly VersionSpan[] {
  const source = sourceOf(file, call);
  switch (source.kind) {
    case 'files':
      return [];
    case 'tuple': {
      const span = tupleSpan(file, source.tuple, { kind: 'version' });
      if (span === null) {
        const problem = `${textOf(file, source.tuple)} is no version; three numbers were expected, or three with "final", "alpha", "beta" or "rc" and a number`;
        throw pythonProblem(file, source.tuple, problem);
      }
      return [span];
    }
    case 'literal': {
      const { start, text } = source.literal;
      return [versionSpan({ ...file, start }, text, PEP440, { kind: 'version' })];
    }
  }
}

function sourceOf(file: PythonFile, call: PythonNode): VersionSource {
  const value = keyword(file, call, 'version');
  if (value === null) {
    const given = callArguments(file, call);
    const isShim = textOf(file, call.getChild('ArgList') ?? call).includes('**') === false;
    if (isShim && given.every(({ name }) => name !== 'name' && name !== 'use_scm_version')) {
      const folder = folderOf(file.path);
      const beside = (name: string): string => (folder === '.' ? name : `${folder}/${name}`);
      return { kind: 'files', files: [beside('pyproject.toml'), beside('setup.cfg')] };
    }
    throw pythonProblem(file, call, 'setup() is given no version; write version="X.Y.Z"');
  }
  const source = versionSource(file, value);
  if (source !== null) return source;
  const problem = `the version is ${textOf(file, value)}; a string literal was expected, or a name bound once, at the top, to one, or a file that is opened by its name`;
  throw pythonProblem(file, value, problem);
}

const SETUP = new Set(['setup', 'setuptools.setup', 'distutils.core.setup']);

function setupCall(file: PythonFile): PythonNode {
  const calls = file
    .nodes('CallExpression')
    .filter((call) => call.firstChild && SETUP.has(textOf(file, call.firstChild)));
  const [call, second] = calls;
  if (!call) throw new ManifestError(file.path, 1, 'no call of setup() was found');
  if (second) throw pythonProblem(file, second, 'a second call of setup(); which one counts is unclear');
  return call;
}

function keyword(file: PythonFile, call: PythonNode, name: string): PythonNode | null {
  const given = callArguments(file, call).filter((one) => one.name === name);
  const [value, second] = given;
  if (second) throw pythonProblem(file, second.value, `setup() is given ${name} twice`);
  return value?.value ?? null;
}

/** Every literal in a list of requirements, or in the lists of a dictionary of extras. */
function requirementStrings(
  file: PythonFile,
  node: PythonNode,
): readonly { readonly start: number; readonly text: string }[] {
  const binding = node.name === 'VariableName' ? bindingOf(file, textOf(file, node)) : null;
  const value = binding?.kind === 'value' ? binding.value : node;
  return [...(value.name === 'String' ? [value] : within(file, value, 'String'))].flatMap(
    (string) => stringLiteral(file, string) ?? [],
  );
}
