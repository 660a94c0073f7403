import type { ManifestEditor } from './editor';
import { baseName } from './text';
import { pairs, parseYaml, valueAt } from './yaml-tree';
import { yamlRange } from './yaml-range';

/** `pnpm-workspace.yaml`: catalogs and overrides that pin a package of this workspace. */
export const pnpmWorkspace: ManifestEditor = {
  kind: 'pnpm-workspace.yaml',
  ecosystem: 'npm',
  matches: (path) => baseName(path) === 'pnpm-workspace.yaml',
  find(path, content, names) {
    if (names.packages.size === 0) return [];
    const file = parseYaml(path, content);
    const catalogs = pairs(file, valueAt(file, file.root, 'catalogs')).map(({ value }) => value);
    return [valueAt(file, file.root, 'catalog'), ...catalogs, valueAt(file, file.root, 'overrides')].flatMap((ranges) =>
      pairs(file, ranges).flatMap(({ name, value }) => yamlRange(file, name, value, names)),
    );
  },
};
