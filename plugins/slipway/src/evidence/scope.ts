import type { ReleaseProject } from '../config/project';

/** The bump writes these, so no verdict can be about them. */
const WRITTEN_BY_RELEASES = ['CHANGELOG.md', 'releases/', '.slipway/'];

/** Which files a subject is made of. */
export interface SubjectScope {
  /** Root of the project relative to the workspace, `.` for the whole. */
  readonly root: string;
  /** Roots of projects inside it: their files are theirs. */
  readonly nested: readonly string[];
}

/** The files of a project: those below its root that belong to no project further down. */
export function scopeOf(
  project: Pick<ReleaseProject, 'root'>,
  projects: readonly Pick<ReleaseProject, 'root'>[],
): SubjectScope {
  const nested = projects
    .map(({ root }) => root)
    .filter((root) => root !== project.root && isBelow(root, project.root));
  return { root: project.root, nested };
}

export function inScope(path: string, { root, nested }: SubjectScope): boolean {
  if (!isBelow(path, root) || nested.some((other) => isBelow(path, other))) return false;
  return !WRITTEN_BY_RELEASES.some((written) => (written.endsWith('/') ? path.startsWith(written) : path === written));
}

function isBelow(path: string, root: string): boolean {
  return root === '.' || path === root || path.startsWith(`${root}/`);
}
