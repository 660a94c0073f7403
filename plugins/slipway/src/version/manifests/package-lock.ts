import type { Node } from 'jsonc-parser';
import { ManifestError, type ManifestEditor, type ManifestNames, type VersionSpan } from './editor';
import { entries, member, objectMember, parseJson, rangeSpans, versionSpans, type JsonFile } from './json-tree';
import { DEPENDENCY_KEYS } from './package-json';
import { baseName, folderOf, lineAt } from './text';

const VERSIONS = new Set([2, 3]);

/**
 * `package-lock.json` and `npm-shrinkwrap.json`, lock file versions 2 and 3: the entries of release members, which repeat
 * what their `package.json` says. Entries of everything that was installed are left alone.
 */
export const packageLock: ManifestEditor = {
  kind: 'package-lock.json',
  matches: (path) => ['package-lock.json', 'npm-shrinkwrap.json'].includes(baseName(path)),
  find(path, content, names) {
    const file = parseJson(path, content);
    const format = member(file, file.root, 'lockfileVersion');
    if (!VERSIONS.has(Number(format?.value))) {
      throw new ManifestError(
        path,
        lineAt(content, format?.offset ?? 0),
        `lockfileVersion is ${format?.value ?? 'missing'}; 2 or 3 was expected (npm 7 or newer writes it)`,
      );
    }
    const keys = memberKeys(path, names);
    const spans: VersionSpan[] = keys.has('') ? [...versionSpans(file, file.root)] : [];
    const packages = objectMember(file, file.root, 'packages');
    for (const [key, entry] of packages === null ? [] : entries(packages)) {
      if (!keys.has(key) || entry.type !== 'object') continue;
      spans.push(...versionSpans(file, entry), ...rangeSpans(file, entry, DEPENDENCY_KEYS, names));
    }
    return [...spans, ...legacySpans(file, keys, names)];
  },
};

/** Keys of members under `packages`: their roots relative to the lock file's folder, `` for the folder itself. */
function memberKeys(path: string, names: ManifestNames): ReadonlySet<string> {
  const folder = folderOf(path);
  const keys = new Set<string>();
  for (const root of names.memberRoots) {
    if (root === folder) keys.add('');
    else if (folder === '.') keys.add(root);
    else if (root.startsWith(`${folder}/`)) keys.add(root.slice(folder.length + 1));
  }
  return keys;
}

/** Version 2 repeats everything for npm 6 under `dependencies`: a member is `"version": "file:<root>"`, its ranges are `requires`. */
function legacySpans(file: JsonFile, keys: ReadonlySet<string>, names: ManifestNames): readonly VersionSpan[] {
  const legacy = objectMember(file, file.root, 'dependencies');
  return (legacy === null ? [] : entries(legacy)).flatMap(([, entry]: readonly [string, Node]) => {
    const version: unknown = entry.type === 'object' ? member(file, entry, 'version')?.value : null;
    if (typeof version !== 'string' || !version.startsWith('file:') || !keys.has(version.slice(5))) return [];
    return rangeSpans(file, entry, ['requires'], names);
  });
}
