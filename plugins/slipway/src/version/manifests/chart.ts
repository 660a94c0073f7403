import { SEMVER, versionSpan } from './dialects';
import type { ManifestEditor, ManifestNames, VersionSpan } from './editor';
import { followedRange } from './ranges';
import { baseName, SEMVER_VERSION } from './text';
import { pairs, parseYaml, scalarText, textStart, valueAt, yamlProblem, type YamlFile } from './yaml-tree';

/**
 * Helm's `Chart.yaml`: `version`, `appVersion` where it is the same, and the versions of the charts of this workspace that it
 * depends on.
 */
export const chart: ManifestEditor = {
  kind: 'Chart.yaml',
  ecosystem: 'helm',
  matches: (path) => /^Chart\.ya?ml$/.test(baseName(path)),
  find(path, content, names) {
    const file = parseYaml(path, content);
    const own = ownVersion(file);
    return [...own, ...appVersion(file, own[0]?.version), ...dependencySpans(file, names)];
  },
  name(path, content) {
    const file = parseYaml(path, content);
    const name = valueAt(file, file.root, 'name');
    return file.isScalar(name) ? scalarText(name) : null;
  },
};

function ownVersion(file: YamlFile): readonly VersionSpan[] {
  const node = valueAt(file, file.root, 'version');
  if (!file.isScalar(node)) return [];
  const start = textStart(file, node);
  if (start === null) throw yamlProblem(file, node, 'the version is written with escapes or over several lines');
  return [versionSpan({ ...file, start }, scalarText(node), SEMVER, { kind: 'version' })];
}

/** A chart may be versioned apart from what it installs, which may be somebody else's: another `appVersion` is not ours to write. */
function appVersion(file: YamlFile, own: string | undefined): readonly VersionSpan[] {
  const node = valueAt(file, file.root, 'appVersion');
  if (!file.isScalar(node)) return [];
  const [, prefix = '', text] = new RegExp(`^(v?)(${SEMVER_VERSION})$`).exec(scalarText(node)) ?? [];
  const start = textStart(file, node);
  if (text === undefined || text !== own || start === null) return [];
  return [versionSpan({ ...file, start: start + prefix.length }, text, SEMVER, { kind: 'version' })];
}

function dependencySpans(file: YamlFile, { charts, packages }: ManifestNames): readonly VersionSpan[] {
  const list = valueAt(file, file.root, 'dependencies');
  if (!file.isSeq(list)) return [];
  const known = charts ?? packages;
  return list.items.flatMap((item): VersionSpan[] => {
    const entry = file.resolve(item);
    const [name, range] = ['name', 'version'].map((key) => pairs(file, entry).find((pair) => pair.name === key)?.value);
    if (!file.isScalar(name) || !file.isScalar(range) || !known.has(scalarText(name))) return [];
    const found = followedRange(scalarText(name), scalarText(range));
    const start = found === null ? null : textStart(file, range);
    if (found === null || start === null) return [];
    const place = { ...file, start: start + found.at };
    return [versionSpan(place, found.text, SEMVER, { kind: 'dependency', name: scalarText(name) })];
  });
}
