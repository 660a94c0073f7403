import type { ManifestEditor } from './editor';
import { member, parseJson, rangeSpans, versionSpans } from './json-tree';
import { baseName } from './text';

export const DEPENDENCY_KEYS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'] as const;

/** `package.json`: its version, and the ranges by which it depends on packages of this workspace. */
export const packageJson: ManifestEditor = {
  kind: 'package.json',
  matches: (path) => baseName(path) === 'package.json',
  find(path, content, names) {
    const file = parseJson(path, content);
    return [...versionSpans(file, file.root), ...rangeSpans(file, file.root, DEPENDENCY_KEYS, names)];
  },
};

/** The npm name, or null where it has none. */
export function readNpmName(path: string, content: string): string | null {
  const file = parseJson(path, content);
  const name = member(file, file.root, 'name');
  return typeof name?.value === 'string' ? name.value : null;
}
