import { createRequire } from 'node:module';
import { join } from 'node:path';
import { workspaceRoot } from '@nx/devkit';
import type { VersionActions } from 'nx/release';

/**
 * The class that `nx release` expects a descendant of, from the Nx that the workspace has: Slipway depends on no Nx of its own,
 * and with strict package managers could not see the workspace's from where it is installed.
 * @throws where the workspace has no Nx, or one older than 21.
 */
export function versionActionsClass(): typeof VersionActions {
  for (const from of [join(workspaceRoot, 'package.json'), __filename]) {
    const found = release(createRequire(from));
    if (found !== null) return found;
  }
  throw new Error(
    `nx-slipway/version-actions: ${workspaceRoot} has no nx with nx/release and its VersionActions. They are there since Nx 21: npx nx migrate latest`,
  );
}

function release(require: NodeJS.Require): typeof VersionActions | null {
  let path: string;
  try {
    path = require.resolve('nx/release');
  } catch {
    // Not here: the next place is asked, and the error of none says so.
    return null;
  }
  return (require(path) as Partial<typeof import('nx/release')>).VersionActions ?? null;
}
