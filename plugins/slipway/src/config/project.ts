/** A project of the workspace, as the domain sees it: no Nx types below this line of the house. */
export interface ReleaseProject {
  /** Nx name. */
  readonly name: string;
  /** Relative to the workspace, with `/`; `.` for a root project. */
  readonly root: string;
  readonly kind: 'npm' | 'python' | 'docker' | 'other';
  /** Files that `slipway.json` lists as holding its version, relative to the workspace. */
  readonly versionFiles?: readonly string[];
  /** Nx names of projects it depends on. */
  readonly dependencies: readonly string[];
}
