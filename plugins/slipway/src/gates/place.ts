import { posix } from 'node:path';

/** Where findings' files are: reports name them absolutely, relative to the project, or relative to the workspace. */
export interface Places {
  /** Root of the project, relative to the workspace; `.` for the workspace itself. */
  readonly root: string;
  /** Absolute path of the workspace. */
  readonly workspace: string;
}

/**
 * A finding's file relative to the workspace; null where it lies outside of it. A relative path that starts with the project's root is
 * taken as relative to the workspace.
 */
export function inWorkspace(file: string, { root, workspace }: Places): string | null {
  const path = posix.normalize(slashed(file));
  const base = posix.normalize(slashed(workspace)).replace(/\/$/, '');
  if (path.startsWith(`${base}/`)) return path.slice(base.length + 1);
  if (path.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(path)) return null;
  const own = posix.normalize(slashed(root));
  const whole = own === '.' || path.startsWith(`${own}/`) ? path : posix.join(own, path);
  return whole === '.' || whole === '..' || whole.startsWith('../') ? null : whole;
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}
