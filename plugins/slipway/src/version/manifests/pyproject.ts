import { PEP440, versionSpan } from './dialects';
import type { ManifestEditor, VersionSpan } from './editor';
import { knownPythonNames, requirementSpans } from './requirements';
import { baseName, normalisePythonName } from './text';
import { isAt, parseToml, tomlProblem, tomlText, type TomlFile, type TomlValue } from './toml-tree';
import { moduleFiles, versionFileFrom } from './version-files';

/**
 * `pyproject.toml`: the version of `[project]` (PEP 621) or `[tool.poetry]`, requirements that pin packages of this workspace
 * with `==`, and Poetry's ranges of them (`^`, `~`, exact). A dynamic version is that of the file that setuptools or
 * Hatch is told to read it from.
 */
export const pyproject: ManifestEditor = {
  kind: 'pyproject.toml',
  ecosystem: 'python',
  matches: (path) => baseName(path) === 'pyproject.toml',
  find(path, content, names) {
    const file = parseToml(path, content);
    const known = knownPythonNames(names);
    return [
      ...ownVersions(file),
      ...file.values.flatMap((value) => [...requirementOf(file, value, known), ...poetryRange(file, value, known)]),
    ];
  },
  versionIn(path, content) {
    return pointed(parseToml(path, content));
  },
  name(path, content) {
    const file = parseToml(path, content);
    const value = OWNERS.flatMap((owner) => file.values.filter((one) => isAt(one, [...owner, 'name'])))[0];
    return value === undefined ? null : (tomlText(file, value)?.text ?? null);
  },
};

const OWNERS = [['project'], ['tool', 'poetry']] as const;

function ownVersions(file: TomlFile): readonly VersionSpan[] {
  const found = OWNERS.flatMap((owner) => file.values.filter((value) => isAt(value, [...owner, 'version'])));
  const spans = found.flatMap((value): VersionSpan[] => {
    const literal = tomlText(file, value);
    if (literal === null)
      throw tomlProblem(file, value, 'the version is no plain string; write version = "X.Y.Z" without escapes');
    // Poetry wants some version there, and takes none of it, where a plugin fills it in.
    if (literal.text === '0.0.0' && isAt(value, ['tool', 'poetry', 'version']) && hasDynamicPoetry(file)) return [];
    return [versionSpan({ ...file, start: literal.start }, literal.text, PEP440, { kind: 'version' })];
  });
  const [first, second] = spans;
  const at = found[1];
  if (first && second && at && first.version !== second.version)
    throw tomlProblem(
      file,
      at,
      `[tool.poetry] has the version ${second.text}, and [project] ${first.text}; make them one`,
    );
  return spans;
}

function hasDynamicPoetry(file: TomlFile): boolean {
  return file.values.some(({ keys }) => keys[0] === 'tool' && keys[1] === 'poetry-dynamic-versioning');
}

const REQUIREMENTS = [
  ['project', 'dependencies', '*'],
  ['project', 'optional-dependencies', '*', '*'],
  ['dependency-groups', '*', '*'],
  ['build-system', 'requires', '*'],
];

function requirementOf(file: TomlFile, value: TomlValue, known: ReadonlyMap<string, string>): readonly VersionSpan[] {
  const literal = REQUIREMENTS.some((pattern) => isAt(value, pattern)) ? tomlText(file, value) : null;
  return literal === null ? [] : requirementSpans({ ...file, start: literal.start }, literal.text, known);
}

const POETRY = [
  ['tool', 'poetry', 'dependencies'],
  ['tool', 'poetry', 'dev-dependencies'],
  ['tool', 'poetry', 'group', '*', 'dependencies'],
];
const FOLLOWING = /^((?:\^|~|={0,2})\s*)(\d[\w.]*)$/;

/** `core = "^1.2.3"`, `core = { version = "^1.2.3", … }`, and a list of such tables. */
function poetryRange(file: TomlFile, value: TomlValue, known: ReadonlyMap<string, string>): readonly VersionSpan[] {
  for (const table of POETRY) {
    const { keys } = value;
    const key = keys[table.length];
    const rest = keys.slice(table.length + 1).filter((part) => typeof part === 'string');
    const isRange = rest.length === 0 || (rest.length === 1 && rest[0] === 'version');
    if (typeof key !== 'string' || !isRange || !isAt({ ...value, keys: keys.slice(0, table.length) }, table)) continue;
    const name = known.get(normalisePythonName(key));
    const literal = name === undefined ? null : tomlText(file, value);
    const match = FOLLOWING.exec(literal?.text ?? '');
    if (name === undefined || literal === null || !match) return [];
    const [, prefix = '', text = ''] = match;
    return [versionSpan({ ...file, start: literal.start + prefix.length }, text, PEP440, { kind: 'dependency', name })];
  }
  return [];
}

/** Where setuptools, Hatch, Flit and PDM are told to find a dynamic version. */
function pointed(file: TomlFile): readonly string[] {
  const isDynamic = file.values.some(
    (value) => isAt(value, ['project', 'dynamic', '*']) && tomlText(file, value)?.text === 'version',
  );
  if (!isDynamic) return [];
  return file.values.flatMap((value): readonly string[] => {
    const text = tomlText(file, value)?.text;
    if (text === undefined) return [];
    const dynamic = ['tool', 'setuptools', 'dynamic', 'version'];
    if (isAt(value, [...dynamic, 'attr'])) return moduleFiles(file.path, text.slice(0, text.lastIndexOf('.')));
    const isPath =
      isAt(value, [...dynamic, 'file']) ||
      isAt(value, [...dynamic, 'file', '*']) ||
      isAt(value, ['tool', 'hatch', 'version', 'path']) ||
      isAt(value, ['tool', 'pdm', 'version', 'path']);
    if (isPath) return [versionFileFrom(file.path, text) ?? []].flat();
    return isAt(value, ['tool', 'flit', 'module', 'name']) ? moduleFiles(file.path, text) : [];
  });
}
