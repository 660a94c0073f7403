import type { ReleaseProject } from '../../config/project';
import { compose } from './compose';
import type { ManifestEditor } from './editor';
import { packageJson } from './package-json';
import { packageLock } from './package-lock';
import { requirements } from './requirements';
import { setupPy } from './setup-py';
import { baseName, folderOf } from './text';

export const EDITORS: readonly ManifestEditor[] = [packageJson, packageLock, setupPy, requirements, compose];

export function editorFor(path: string): ManifestEditor | null {
  return EDITORS.find((editor) => editor.matches(path)) ?? null;
}

export interface ManifestFile {
  readonly path: string;
  /** Nx name of the member it belongs to; null for a lock file that members share. */
  readonly project: string | null;
}

/**
 * Which files hold versions of the release: those in a member's own folder (and its `requirements/`), and the lock file at the root.
 * Files in deeper folders belong to nobody's release.
 * @param paths of the workspace with `/`, e.g. the output of `git ls-files`.
 * @param projects members of the release.
 */
export function listManifests(
  paths: readonly string[],
  projects: readonly Pick<ReleaseProject, 'name' | 'root'>[],
): readonly ManifestFile[] {
  const byRoot = new Map(projects.map(({ root, name }) => [root, name]));
  return paths.flatMap((path): ManifestFile[] => {
    const editor = editorFor(path);
    if (editor === null) return [];
    const folder = folderOf(path);
    const project = byRoot.get(folder) ?? (isRequirementsFolder(folder) ? byRoot.get(folderOf(folder)) : undefined);
    if (editor === packageLock && folder === '.') return [{ path, project: null }];
    return project === undefined ? [] : [{ path, project }];
  });
}

function isRequirementsFolder(folder: string): boolean {
  return folder !== '.' && baseName(folder) === 'requirements';
}
