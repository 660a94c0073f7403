import type { Node } from 'yaml';
import { SEMVER, versionSpan } from './dialects';
import type { ManifestNames, VersionSpan } from './editor';
import { followedRange, overriddenName } from './ranges';
import { scalarText, textStart, yamlProblem, type YamlFile } from './yaml-tree';

/** The version inside an npm range that stands in YAML; none for packages of others, and for ranges that follow no version. */
export function yamlRange(
  file: YamlFile,
  key: string,
  range: Node | null,
  { packages }: ManifestNames,
): readonly VersionSpan[] {
  if (!file.isScalar(range)) return [];
  const found = followedRange(overriddenName(key), scalarText(range));
  if (found === null || !packages.has(found.name)) return [];
  const start = textStart(file, range);
  if (start === null)
    throw yamlProblem(file, range, `the range of ${found.name} is written with escapes; write it without`);
  const place = { ...file, start: start + found.at };
  return [versionSpan(place, found.text, SEMVER, { kind: 'dependency', name: found.name })];
}
