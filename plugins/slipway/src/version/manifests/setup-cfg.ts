import { PEP440, versionSpan } from './dialects';
import { ManifestError, type ManifestEditor, type VersionSpan } from './editor';
import { parseIni, type IniEntry } from './ini-tree';
import { knownPythonNames, requirementSpans } from './requirements';
import { baseName } from './text';
import { moduleFiles, versionFileFrom } from './version-files';

/**
 * `setup.cfg`: the version of `[metadata]`, and the packages of this workspace that its requirements pin with `==`.
 * With `attr:` and `file:` the version is that of another file.
 */
export const setupCfg: ManifestEditor = {
  kind: 'setup.cfg',
  ecosystem: 'python',
  matches: (path) => baseName(path) === 'setup.cfg',
  find(path, content, names) {
    const entries = parseIni(path, content);
    const known = knownPythonNames(names);
    return [
      ...ownVersion(path, content, entries),
      ...entries.filter(isRequirements).flatMap(({ lines }) =>
        // Outside the Python of setup.py, every line is one requirement.
        lines.flatMap(({ start, text }) => requirementSpans({ path, content, start }, text, known)),
      ),
    ];
  },
  versionIn(path, content) {
    const version = metadata(parseIni(path, content), 'version');
    return version === null ? [] : pointed(path, version);
  },
  name(path, content) {
    return metadata(parseIni(path, content), 'name')?.lines[0]?.text ?? null;
  },
};

const LISTS = ['install_requires', 'setup_requires', 'tests_require'];

function isRequirements({ section, key }: IniEntry): boolean {
  return section === 'options.extras_require' || (section === 'options' && LISTS.includes(key));
}

function metadata(entries: readonly IniEntry[], key: string): IniEntry | null {
  return entries.find((entry) => entry.section === 'metadata' && entry.key === key) ?? null;
}

function ownVersion(path: string, content: string, entries: readonly IniEntry[]): readonly VersionSpan[] {
  const version = metadata(entries, 'version');
  if (version === null || pointed(path, version).length > 0) return [];
  const [first, second] = version.lines;
  if (first === undefined || second !== undefined || first.text === '')
    throw new ManifestError(path, version.line, 'the version stands on several lines or on none; write it on one');
  return [versionSpan({ path, content, start: first.start }, first.text, PEP440, { kind: 'version' })];
}

/** @throws {ManifestError} where the value leads to another file, but to none that Slipway edits. */
function pointed(path: string, { lines, line }: IniEntry): readonly string[] {
  const text = lines[0]?.text ?? '';
  const [, how, what = ''] = /^(attr|file):\s*(\S+)$/.exec(text) ?? [];
  if (how === undefined) return [];
  const file = versionFileFrom(path, what);
  const files = how === 'attr' ? moduleFiles(path, what.slice(0, what.lastIndexOf('.'))) : file === null ? [] : [file];
  if (files.length === 0)
    throw new ManifestError(path, line, `the version is that of ${what}, which is no file that Slipway can edit`);
  return files;
}
