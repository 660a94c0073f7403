import type { Scalar } from 'yaml';
import { SEMVER, versionSpan } from './dialects';
import type { ManifestEditor, ManifestNames, VersionSpan } from './editor';
import { followedRange } from './ranges';
import { baseName } from './text';
import { pairs, parseYaml, scalarText, textStart, valueAt, yamlProblem, type YamlFile } from './yaml-tree';
import { yamlRange } from './yaml-range';

/**
 * `yarn.lock` of Yarn 2 and newer: a workspace's entry says `0.0.0-use.local` whatever its version, but ranges of packages of
 * this workspace stand in its key and in the dependencies of others. Yarn 1 writes no workspace into it, so there is
 * nothing to edit.
 */
export const yarnLock: ManifestEditor = {
  kind: 'yarn.lock',
  ecosystem: 'npm',
  matches: (path) => baseName(path) === 'yarn.lock',
  find(path, content, names) {
    if (names.packages.size === 0 || !/^__metadata:/m.test(content)) return [];
    const file = parseYaml(path, content);
    return pairs(file, file.root).flatMap(({ key, value: entry }) => {
      const resolution = valueAt(file, entry, 'resolution');
      if (!file.isScalar(resolution) || !/@workspace:/.test(scalarText(resolution))) return [];
      const ranges = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
      return [
        ...descriptorSpans(file, key, names),
        ...ranges.flatMap((list) =>
          pairs(file, valueAt(file, entry, list)).flatMap(({ name, value }) => yamlRange(file, name, value, names)),
        ),
      ];
    });
  },
};

/** A key lists what resolves to the entry: `"core@^1.0.0, core@workspace:packages/core"`. */
function descriptorSpans(file: YamlFile, key: Scalar, names: ManifestNames): readonly VersionSpan[] {
  const spans: VersionSpan[] = [];
  let at = 0;
  for (const descriptor of scalarText(key).split(', ')) {
    const split = descriptor.indexOf('@', 1);
    const name = descriptor.slice(0, Math.max(split, 0));
    const found = followedRange(name, descriptor.slice(split + 1));
    if (found !== null && names.packages.has(found.name)) {
      const start = textStart(file, key);
      if (start === null) throw yamlProblem(file, key, 'this key is written with escapes; run yarn install');
      const place = { ...file, start: start + at + descriptor.length - found.text.length };
      spans.push(versionSpan(place, found.text, SEMVER, { kind: 'dependency', name: found.name }));
    }
    at += descriptor.length + 2;
  }
  return spans;
}
