import { readCachedProjectGraph } from '@nx/devkit';
import type { AfterAllProjectsVersioned } from 'nx/release';
import { updateLockFiles } from './lock-files';
import { SlipwayVersionActions } from './version-actions';

/** For `release.version.versionActions` of nx.json: `"nx-slipway/version-actions"`. */
export default SlipwayVersionActions;

/** Nx has written the manifests by now; the lock files at the root follow them, without a package manager at work. */
export const afterAllProjectsVersioned: AfterAllProjectsVersioned = async (
  cwd,
  { dryRun = false, rootVersionActionsOptions },
) => {
  if (rootVersionActionsOptions?.['skipLockFileUpdate'] === true) return { changedFiles: [], deletedFiles: [] };
  const roots = Object.values(readCachedProjectGraph().nodes).map(({ data }) => data.root);
  // The root of the workspace is a package too, even where it is no project.
  const changed = updateLockFiles(cwd, [...new Set(['.', ...roots])], dryRun);
  return { changedFiles: dryRun ? [] : [...changed], deletedFiles: [] };
};
