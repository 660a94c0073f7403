import { isRecord } from './is-record';
import type { NxReleaseDefaults, NxReleaseGroup } from './nx-defaults';

type Section = Record<string, unknown>;

/**
 * What `nx.json`'s `release` section says that Slipway follows: projects, groups, whether versions are independent, and
 * tag patterns. The one group of a section is the release itself; several stay groups.
 *
 * A tag pattern is followed where it fits: it holds `{version}`, and `{projectName}` only with independent versions.
 * @param release the section as it stands in the file; anything that is not of its shape is passed over, since Nx itself checks it.
 */
export function nxReleaseDefaults(release: unknown): NxReleaseDefaults {
  if (!isRecord(release)) return {};
  const groups = isRecord(release['groups'])
    ? Object.entries(release['groups']).filter((entry): entry is [string, Section] => isRecord(entry[1]))
    : [];
  const [first] = groups;
  if (groups.length > 1) return { groups: Object.fromEntries(groups.flatMap((entry) => groupOf(entry, release))) };
  const versioning = versioningOf(first?.[1], release);
  const pattern = patternOf(first, release, versioning);
  const projects = names(first?.[1]['projects']) ?? names(release['projects']);
  return {
    ...(pattern === undefined ? {} : { tagPattern: pattern }),
    ...(projects === undefined ? {} : { projects }),
    ...(versioning === 'independent' ? { versioning } : {}),
  };
}

function groupOf([name, group]: [string, Section], release: Section): [string, NxReleaseGroup][] {
  const projects = names(group['projects']);
  if (projects === undefined) return [];
  const versioning = versioningOf(group, release);
  const pattern = patternOf([name, group], release, versioning);
  return [[name, { projects, versioning, ...(pattern === undefined ? {} : { tagPattern: pattern }) }]];
}

function versioningOf(group: Section | undefined, release: Section): 'fixed' | 'independent' {
  const relationship = group?.['projectsRelationship'] ?? release['projectsRelationship'];
  return relationship === 'independent' ? 'independent' : 'fixed';
}

/** The pattern with the group's name filled in; Nx's own default for a group that says none. */
function patternOf(
  group: [string, Section] | undefined,
  release: Section,
  versioning: 'fixed' | 'independent',
): string | undefined {
  const [name, section] = group ?? [];
  const written = writtenPattern(section) ?? writtenPattern(release);
  const standard = name === undefined || versioning === 'independent' ? undefined : '{releaseGroupName}-v{version}';
  const pattern = written ?? standard;
  if (pattern === undefined) return undefined;
  const filled = name === undefined ? pattern : pattern.replaceAll('{releaseGroupName}', () => name);
  const known = versioning === 'independent' ? /\{(?!(?:version|projectName)\})/ : /\{(?!version\})/;
  const fits = filled.includes('{version}') && !known.test(filled);
  return fits && filled.includes('{projectName}') === (versioning === 'independent') ? filled : undefined;
}

function writtenPattern(section: Section | undefined): string | undefined {
  const tag = section?.['releaseTag'];
  // `releaseTagPattern` is how Nx 21 and before spelled it.
  const pattern = isRecord(tag) ? tag['pattern'] : section?.['releaseTagPattern'];
  return typeof pattern === 'string' ? pattern : undefined;
}

/** As they are written: names, folders and patterns are looked up where the projects are known. */
function names(value: unknown): readonly string[] | undefined {
  const list = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(list) || list.length === 0) return undefined;
  return list.every((name): name is string => typeof name === 'string' && name !== '') ? list : undefined;
}
