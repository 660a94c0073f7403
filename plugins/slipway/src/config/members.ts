import type { SlipwayConfig } from './schema';
import { MembershipError, selectProjects, unknownProject, type Candidate } from './select-projects';

export { MembershipError, type Candidate } from './select-projects';

/** For errors about lists that may stand in either file. */
const EITHER_FILE = '(of slipway.json, else of nx.json)';

/** Where a group's members stand, for errors. */
export function groupKey(name: string): string {
  return `release.groups.${name}.projects ${EITHER_FILE}`;
}

/**
 * The projects that are released together: those that `release.projects` names, else every project with a version; and
 * those that groups name.
 * @throws {MembershipError} for a name that no project has.
 */
export function membersOf<T extends Candidate>(
  release: Partial<Pick<SlipwayConfig['release'], 'projects' | 'groups'>>,
  projects: readonly T[],
): readonly T[] {
  const named =
    release.projects === undefined
      ? projects.filter(({ versioned }) => versioned)
      : selectProjects(release.projects, projects, `release.projects ${EITHER_FILE}`);
  const grouped = Object.entries(release.groups ?? {}).flatMap(([name, group]) =>
    selectProjects(group.projects, projects, groupKey(name)),
  );
  return [...new Set([...named, ...grouped])];
}

/**
 * The project that carries the lifecycle targets: `release.owner`, else the first docker project, the root project, or the first one.
 * Null where a release has no members.
 * @throws {MembershipError} for a name that no project has.
 */
export function ownerOf<T extends Candidate>(
  named: string | undefined,
  members: readonly T[],
  projects: readonly T[],
): T | null {
  if (named !== undefined) {
    const owner = projects.find(({ name }) => name === named);
    if (!owner) throw new MembershipError(unknownProject('slipway.json: release.owner', named, projects));
    return owner;
  }
  return (
    members.find(({ kind }) => kind === 'docker') ?? members.find(({ root }) => root === '.') ?? members[0] ?? null
  );
}
