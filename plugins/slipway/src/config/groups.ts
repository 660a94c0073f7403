import { groupKey } from './members';
import type { SlipwayConfig } from './schema';
import { MembershipError, selectProjects, type Candidate } from './select-projects';
import { sharedTags } from './tag-patterns';

/** Group of the members that no group names. */
export const DEFAULT_GROUP = 'release';

/** What has one version: a group whose members share it, or one project of an independent group. */
export interface ReleaseLine {
  /** Unique: the group's name, or the project's. */
  readonly name: string;
  readonly group: string;
  /** With `{version}` once, and every other placeholder filled in. */
  readonly tagPattern: string;
  /** Names of its members, at least one, in their order. */
  readonly projects: readonly string[];
}

export interface ReleaseLines {
  /** Every member is in one. */
  readonly lines: readonly ReleaseLine[];
  /** Name of the line whose version names the release. */
  readonly ownerLine: string;
}

type Group = SlipwayConfig['release']['groups'][string] & { readonly name: string };
type Member = Pick<Candidate, 'name' | 'root'>;

/**
 * Which members share a version, and which tags mark it.
 * @param owner Nx name of the project with the lifecycle; its line names the release.
 * @throws {MembershipError} for a member in two groups, lines that would share a tag, and an owner that is not released
 * where it takes one to say which version names the release.
 */
export function resolveLines(
  { release }: Pick<SlipwayConfig, 'release'>,
  members: readonly Member[],
  owner: string,
): ReleaseLines {
  const groupOf = new Map<Member, Group>();
  for (const [name, group] of Object.entries(release.groups)) {
    for (const member of selectProjects(group.projects, members, groupKey(name))) {
      const other = groupOf.get(member);
      if (other !== undefined)
        throw new MembershipError(
          `${member.name} is in two release groups, ${other.name} and ${name}; leave it in one`,
        );
      groupOf.set(member, { ...group, name });
    }
  }
  const standard: Group = { ...release, projects: [], name: DEFAULT_GROUP };
  const lines = new Map<string, ReleaseLine & { readonly projects: string[] }>();
  for (const member of members) {
    const group = groupOf.get(member) ?? standard;
    const independent = group.versioning === 'independent';
    // A group and a project of another may have the same name.
    const key = JSON.stringify([group.name, independent ? member.name : null]);
    const line = lines.get(key);
    if (line === undefined) {
      const tagPattern = fillPattern(tagPatternOf(group), group.name, member.name);
      lines.set(key, {
        name: independent ? member.name : group.name,
        group: group.name,
        tagPattern,
        projects: [member.name],
      });
    } else line.projects.push(member.name);
  }
  const named = withUniqueNames([...lines.values()]);
  const [clash] = sharedTags(named);
  if (clash !== undefined) {
    const [a, b] = clash;
    throw new MembershipError(
      `the tags of ${a.name} (${a.tagPattern}) could be taken for those of ${b.name} (${b.tagPattern}); give one of them another tagPattern in slipway.json`,
    );
  }
  return { lines: named, ownerLine: ownerLineOf(named, owner) };
}

/** A group's pattern, or its default. */
export function tagPatternOf(
  group: Pick<Group, 'name' | 'versioning'> & { readonly tagPattern?: string | undefined },
): string {
  if (group.tagPattern !== undefined) return group.tagPattern;
  if (group.versioning === 'independent') return '{projectName}@{version}';
  return group.name === DEFAULT_GROUP ? 'v{version}' : '{releaseGroupName}-v{version}';
}

function fillPattern(pattern: string, group: string, project: string): string {
  return pattern.replaceAll('{releaseGroupName}', () => group).replaceAll('{projectName}', () => project);
}

function withUniqueNames(lines: readonly ReleaseLine[]): readonly ReleaseLine[] {
  const count = new Map<string, number>();
  for (const { name } of lines) count.set(name, (count.get(name) ?? 0) + 1);
  return lines.map((line) =>
    (count.get(line.name) ?? 0) > 1 ? { ...line, name: `${line.group}:${line.name}` } : line,
  );
}

function ownerLineOf(lines: readonly ReleaseLine[], owner: string): string {
  const [first] = lines;
  const line =
    lines.find(({ projects }) => projects.includes(owner)) ??
    lines.find(({ group, name }) => group === DEFAULT_GROUP && name === DEFAULT_GROUP) ??
    (lines.length === 1 ? first : undefined);
  if (line !== undefined) return line.name;
  if (first === undefined) return DEFAULT_GROUP;
  throw new MembershipError(
    `${owner} carries the release but is not released itself, so no version names the release; make it a member, or set release.owner in slipway.json to one`,
  );
}
