import type { ManifestEditor, ManifestNames, VersionSpan } from './editor';
import { baseName, folderOf } from './text';
import { pairs, parseYaml, scalarText, valueAt, type YamlFile } from './yaml-tree';
import { yamlRange } from './yaml-range';

const KEYS = ['dependencies', 'devDependencies', 'optionalDependencies'];

/**
 * `pnpm-lock.yaml`: it holds no version of a workspace package, but repeats the ranges by which others depend on it, and a
 * frozen install refuses where they differ from `package.json`.
 */
export const pnpmLock: ManifestEditor = {
  kind: 'pnpm-lock.yaml',
  ecosystem: 'npm',
  matches: (path) => baseName(path) === 'pnpm-lock.yaml',
  find(path, content, names) {
    if (names.packages.size === 0) return [];
    const file = parseYaml(path, content);
    const folder = folderOf(path);
    return pairs(file, valueAt(file, file.root, 'importers')).flatMap(({ name: key, value: importer }) => {
      const root = folder === '.' ? key : key === '.' ? folder : `${folder}/${key}`;
      return names.memberRoots?.has(root) === false ? [] : importerSpans(file, importer, names);
    });
  },
};

/** Format 6 and newer say range and link side by side, older ones in two lists. */
function importerSpans(file: YamlFile, importer: unknown, names: ManifestNames): readonly VersionSpan[] {
  const linked = new Set<string>();
  const spans: VersionSpan[] = [];
  for (const key of KEYS) {
    for (const { name, value } of pairs(file, valueAt(file, importer, key))) {
      if (isLink(file, value)) linked.add(name);
      if (isLink(file, valueAt(file, value, 'version')))
        spans.push(...yamlRange(file, name, valueAt(file, value, 'specifier'), names));
    }
  }
  for (const { name, value } of pairs(file, valueAt(file, importer, 'specifiers')))
    if (linked.has(name)) spans.push(...yamlRange(file, name, value, names));
  return spans;
}

function isLink(file: YamlFile, node: unknown): boolean {
  return file.isScalar(node) && scalarText(node).startsWith('link:');
}
