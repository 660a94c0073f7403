import type { Node } from 'jsonc-parser';
import { ManifestError, type ManifestEditor, type ManifestNames, type VersionSpan } from './editor';
import { entries, member, objectMember, parseJson, rangeSpans, versionSpans, type JsonFile } from './json-tree';
import { DEPENDENCY_KEYS } from './package-json';
import { baseName, folderOf, lineAt } from './text';

const VERSIONS = new Set([2, 3]);

/**
 * `package-lock.json` and `npm-shrinkwrap.json`, lock file versions 2 and 3: the root package's version, and the entries of
 * packages of this workspace, which repeat what their `package.json` says. What was installed from a registry is left alone,
 * whatever its name.
 */
export const packageLock: ManifestEditor = {
  kind: 'package-lock.json',
  ecosystem: 'npm',
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
    const isMember = memberTest(path, names);
    const packages = entriesOf(file, 'packages');
    const linked = linkedNames(file, packages);
    const spans: VersionSpan[] = isMember('') ? [...versionSpans(file, file.root)] : [];
    for (const [key, entry] of packages) {
      if (entry.type !== 'object' || isInstalled(key) || !isMember(key)) continue;
      const name = nameOf(file, key, entry, linked);
      if (key === '') spans.push(...versionSpans(file, entry));
      else if (names.packages.has(name)) spans.push(...versionSpans(file, entry, { kind: 'dependency', name }));
      spans.push(...rangeSpans(file, entry, DEPENDENCY_KEYS, names));
    }
    return [...spans, ...legacySpans(file, isMember, names)];
  },
};

type Entries = ReturnType<typeof entries>;

function entriesOf(file: JsonFile, key: string): Entries {
  const object = objectMember(file, file.root, key);
  return object === null ? [] : entries(object);
}

/** Whether a key under `packages` is that of a release member; `` is the folder of the lock file itself. */
function memberTest(path: string, { memberRoots }: ManifestNames): (key: string) => boolean {
  if (memberRoots === undefined) return () => true;
  const folder = folderOf(path);
  return (key) => memberRoots.has(key === '' ? folder : folder === '.' ? key : `${folder}/${key}`);
}

function isInstalled(key: string): boolean {
  return key.split('/').includes('node_modules');
}

/** Package names by folder: npm links each workspace under `node_modules/<name>`. */
function linkedNames(file: JsonFile, packages: Entries): ReadonlyMap<string, string> {
  return new Map(
    packages.flatMap(([key, entry]): [string, string][] => {
      if (!key.startsWith('node_modules/') || entry.type !== 'object' || member(file, entry, 'link')?.value !== true)
        return [];
      const resolved: unknown = member(file, entry, 'resolved')?.value;
      return typeof resolved === 'string' ? [[resolved, key.slice('node_modules/'.length)]] : [];
    }),
  );
}

/** As npm does it: the entry says its name where the folder does not. */
function nameOf(file: JsonFile, key: string, entry: Node, linked: ReadonlyMap<string, string>): string {
  const own: unknown = member(file, entry, 'name')?.value;
  if (typeof own === 'string') return own;
  return linked.get(key) ?? /(?:^|\/)((?:@[^/]+\/)?[^/]+)$/.exec(key)?.[1] ?? key;
}

/** Version 2 repeats everything for npm 6 under `dependencies`: a member is `"version": "file:<root>"`, its ranges are `requires`. */
function legacySpans(file: JsonFile, isMember: (key: string) => boolean, names: ManifestNames): readonly VersionSpan[] {
  return entriesOf(file, 'dependencies').flatMap(([, entry]: readonly [string, Node]) => {
    const version: unknown = entry.type === 'object' ? member(file, entry, 'version')?.value : null;
    if (typeof version !== 'string' || !version.startsWith('file:') || !isMember(version.slice(5))) return [];
    // `requires` is `true` where npm found nothing to list.
    return member(file, entry, 'requires')?.type === 'object' ? rangeSpans(file, entry, ['requires'], names) : [];
  });
}
