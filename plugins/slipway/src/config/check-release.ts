import { DEFAULT_GROUP, tagPatternOf } from './groups';
import type { SlipwayConfig } from './schema';
import { PLACEHOLDERS, sharedTags } from './tag-patterns';

export interface Finding {
  readonly path: (string | number)[];
  readonly message: string;
  readonly expected: string;
}

type Versioning = SlipwayConfig['release']['versioning'];

/** What no schema can check about groups and their tags. Names of projects are checked where projects are known. */
export function checkRelease(release: SlipwayConfig['release']): readonly Finding[] {
  const groups = Object.entries(release.groups);
  const findings = [
    ...checkPattern(['release'], release.tagPattern, release.versioning),
    ...groups.flatMap(([name, group]) =>
      checkPattern(['release', 'groups', name], tagPatternOf({ ...group, name }), group.versioning),
    ),
    ...twiceNamed(groups),
  ];
  if (Object.hasOwn(release.groups, DEFAULT_GROUP)) {
    findings.push({
      path: ['release', 'groups', DEFAULT_GROUP],
      message: 'is what the group of all other members is called',
      expected: 'another name',
    });
  }
  return findings.length > 0 ? findings : checkShared(release);
}

function checkPattern(path: string[], pattern: string, versioning: Versioning): Finding[] {
  const at = [...path, 'tagPattern'];
  const placeholders: readonly string[] = pattern.match(/\{\w*\}/g) ?? [];
  const unknown = placeholders.find((one) => !PLACEHOLDERS.some((known) => known === one));
  const finding = (message: string, expected: string): Finding[] => [
    { path: at, message: `${JSON.stringify(pattern)} ${message}`, expected },
  ];
  if (unknown !== undefined) return finding(`holds ${unknown}`, `no placeholder but ${PLACEHOLDERS.join(', ')}`);
  if (placeholders.filter((one) => one === '{version}').length !== 1)
    return finding('holds {version} more than once', '{version} once');
  const perProject = placeholders.includes('{projectName}');
  if (versioning === 'fixed' && perProject)
    return finding('holds {projectName}', 'none of it: members with one version share one tag');
  if (versioning === 'independent' && !perProject)
    return finding('does not hold {projectName}', 'it, since each member has a version and tags of its own');
  return [];
}

/** Members by the text that names them; two texts for one project are found where projects are known. */
function twiceNamed(groups: readonly (readonly [string, { readonly projects: readonly string[] }])[]): Finding[] {
  const seen = new Map<string, string>();
  return groups.flatMap(([name, { projects }]) =>
    projects.flatMap((project, index): Finding[] => {
      const other = seen.get(project);
      seen.set(project, name);
      // Negations say who is left out, and may do so everywhere.
      if (other === undefined || project.startsWith('!')) return [];
      return [
        {
          path: ['release', 'groups', name, 'projects', index],
          message: `"${project}" is ${other === name ? 'named twice' : `in the group ${other} already`}`,
          expected: 'each project in one group, once',
        },
      ];
    }),
  );
}

/** Patterns that are alike before projects' names are filled in. */
function checkShared(release: SlipwayConfig['release']): Finding[] {
  const all = [
    { name: DEFAULT_GROUP, ...release, path: ['release', 'tagPattern'] },
    ...Object.entries(release.groups).map(([name, group]) => ({
      ...group,
      name,
      path: ['release', 'groups', name, 'tagPattern'],
    })),
  ];
  // Independent patterns hold the projects' names, which are their own.
  const fixed = all
    .filter(({ versioning }) => versioning === 'fixed')
    .map((group) => ({ ...group, tagPattern: tagPatternOf(group).replaceAll('{releaseGroupName}', () => group.name) }));
  return sharedTags(fixed).map(([other, { path, tagPattern }]) => ({
    path,
    message: `the tags ${tagPattern} could be taken for those of ${other.name}, ${other.tagPattern}`,
    expected: 'another pattern for each group',
  }));
}
