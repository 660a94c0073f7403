import type { Node } from 'jsonc-parser';
import type { ManifestEditor, ManifestNames, VersionSpan } from './editor';
import {
  entries,
  member,
  objectMember,
  parseJson,
  rangeSpan,
  rangeSpans,
  versionSpans,
  type JsonFile,
} from './json-tree';
import { overriddenName } from './ranges';
import { baseName } from './text';

export const DEPENDENCY_KEYS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'] as const;

/** `package.json`: its version, and the ranges by which it depends on packages of this workspace or overrides them. */
export const packageJson: ManifestEditor = {
  kind: 'package.json',
  ecosystem: 'npm',
  matches: (path) => baseName(path) === 'package.json',
  find(path, content, names) {
    const file = parseJson(path, content);
    const pnpm = member(file, file.root, 'pnpm');
    return [
      ...versionSpans(file, file.root),
      ...rangeSpans(file, file.root, DEPENDENCY_KEYS, names),
      ...overrideSpans(file, member(file, file.root, 'overrides'), names),
      ...overrideSpans(file, member(file, file.root, 'resolutions'), names),
      ...overrideSpans(file, pnpm?.type === 'object' ? objectMember(file, pnpm, 'overrides') : null, names),
    ];
  },
  name(path, content) {
    const quick = onlyName(content);
    if (quick !== undefined) return quick;
    const file = parseJson(path, content);
    const name = member(file, file.root, 'name');
    return typeof name?.value === 'string' ? name.value : null;
  },
};

/** Where a text has the key `name` at most once, no tree is needed to find it; undefined where it may stand there twice, or is malformed. */
function onlyName(content: string): string | null | undefined {
  if (content.includes('\\') || content.indexOf('"name"') !== content.lastIndexOf('"name"')) return undefined;
  try {
    const manifest: unknown = JSON.parse(content);
    if (typeof manifest !== 'object' || manifest === null || Array.isArray(manifest)) return undefined;
    return 'name' in manifest && typeof manifest.name === 'string' ? manifest.name : null;
  } catch {
    return undefined;
  }
}

/** npm nests overrides by who depends; in there, `.` is the package that the object stands for. */
function overrideSpans(
  file: JsonFile,
  overrides: Node | null,
  names: ManifestNames,
  of: string | null = null,
): readonly VersionSpan[] {
  if (overrides?.type !== 'object') return [];
  return entries(overrides).flatMap(([key, node]) => {
    const name = key === '.' && of !== null ? of : overriddenName(key);
    return node.type === 'object' ? overrideSpans(file, node, names, name) : rangeSpan(file, name, node, names);
  });
}
