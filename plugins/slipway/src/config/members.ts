import { closest } from './suggest';
import type { ReleaseProject } from './project';

export interface Candidate extends Pick<ReleaseProject, 'name' | 'root' | 'kind'> {
  /** Whether it holds a version at all. */
  readonly versioned: boolean;
}

export class MembershipError extends Error {
  override readonly name = 'MembershipError';
}

/**
 * The projects versioned together: those that `release.projects` names, else every project with a version.
 * @throws {MembershipError} for a name that no project has.
 */
export function membersOf<T extends Candidate>(
  named: readonly string[] | undefined,
  projects: readonly T[],
): readonly T[] {
  if (named === undefined) return projects.filter(({ versioned }) => versioned);
  return named.map((name) => {
    // nx.json may name a project by its folder.
    const project = projects.find((candidate) => candidate.name === name) ?? projects.find(({ root }) => root === name);
    if (project) return project;
    throw new MembershipError(unknownProject('release.projects (of slipway.json, else of nx.json)', name, projects));
  });
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

function unknownProject(key: string, name: string, projects: readonly Candidate[]): string {
  const names = projects.map((project) => project.name);
  const meant = closest(name, names);
  return `${key} names "${name}", but the workspace has no such project; it has ${names.join(', ') || 'none'}.${meant === null ? '' : ` Did you mean "${meant}"?`}`;
}
