import type { NxReleaseDefaults } from './load';

/**
 * What `nx.json`'s `release` section says that Slipway follows: the projects (of the section, or of its one group) and the tag pattern.
 * A pattern that holds `{projectName}` belongs to independent versioning and is left to `nx release`, as is one that names a group where
 * there is not just one.
 * @param release the section as it stands in the file; anything that is not of its shape is passed over, since Nx itself checks it.
 */
export function nxReleaseDefaults(release: unknown): NxReleaseDefaults {
  if (!isRecord(release)) return {};
  const groups = isRecord(release['groups']) ? Object.values(release['groups']).filter(isRecord) : [];
  const group = groups.length === 1 ? groups[0] : undefined;
  const pattern = tagPattern(group) ?? tagPattern(release);
  const projects = names(group?.['projects']) ?? names(release['projects']);
  return {
    ...(pattern?.includes('{version}') && !/\{(?!version\})/.test(withGroup(pattern, release, groups.length))
      ? { tagPattern: withGroup(pattern, release, groups.length) }
      : {}),
    ...(projects === undefined ? {} : { projects }),
  };
}

function tagPattern(section: Record<string, unknown> | undefined): string | undefined {
  const tag = section?.['releaseTag'];
  // `releaseTagPattern` is how Nx 21 and before spelled it.
  const pattern = isRecord(tag) ? tag['pattern'] : section?.['releaseTagPattern'];
  return typeof pattern === 'string' ? pattern : undefined;
}

/** The pattern with the name of the one group filled in; with none or several nobody could say which. */
function withGroup(pattern: string, release: Record<string, unknown>, groups: number): string {
  const [name] = isRecord(release['groups']) ? Object.keys(release['groups']) : [];
  return groups === 1 && name !== undefined ? pattern.replaceAll('{releaseGroupName}', () => name) : pattern;
}

/** Plain names only: globs and tags need the project graph, which inference is making. */
function names(value: unknown): readonly string[] | undefined {
  const list = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(list) || list.length === 0) return undefined;
  return list.every((name): name is string => typeof name === 'string' && /^[@\w/.-]+$/.test(name)) ? list : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
