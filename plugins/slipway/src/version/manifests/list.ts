import { chart } from './chart';
import { compose } from './compose';
import type { ManifestEditor } from './editor';
import { listedFiles, type ManifestOwner } from './listed';
import { hasMarker, marker } from './marker';
import { packageJson } from './package-json';
import { packageLock } from './package-lock';
import { pnpmLock } from './pnpm-lock';
import { pnpmWorkspace } from './pnpm-workspace';
import { pyproject } from './pyproject';
import { pythonModule } from './python-module';
import { requirements } from './requirements';
import { setupCfg } from './setup-cfg';
import { setupPy } from './setup-py';
import { baseName, folderOf } from './text';
import { versionFile } from './version-file';
import { yarnLock } from './yarn-lock';

export const EDITORS: readonly ManifestEditor[] = [
  packageJson,
  packageLock,
  pnpmWorkspace,
  pnpmLock,
  yarnLock,
  setupPy,
  setupCfg,
  pyproject,
  pythonModule,
  requirements,
  compose,
  chart,
  versionFile,
];

/** @param content of the file, which may mark its version itself; without it, the name alone tells. */
export function editorFor(path: string, content?: string): ManifestEditor | null {
  const named = EDITORS.find((editor) => editor.matches(path)) ?? null;
  return named === null && content !== undefined && hasMarker(content) ? marker : named;
}

export interface ManifestFile {
  readonly path: string;
  /** Nx name of the member it belongs to; null for a file at the root that members share. */
  readonly project: string | null;
}

/** Files at the root that repeat what the members' own ones say. */
const SHARED: readonly ManifestEditor[] = [packageLock, pnpmWorkspace, pnpmLock, yarnLock];

/**
 * Which files hold versions of the release: those in a member's own folder (and its `requirements/`), the modules and `VERSION` files
 * of a Python member's packages, the lock files at the root, and those that configuration lists. Other files in deeper folders
 * belong to nobody's release.
 * @param paths of the workspace with `/`, e.g. the output of `git ls-files`.
 * @param projects members of the release.
 */
export function listManifests(paths: readonly string[], projects: readonly ManifestOwner[]): readonly ManifestFile[] {
  const byRoot = new Map(projects.map(({ root, name }) => [root, name]));
  const python = new Set(paths.filter(isPythonManifest).map(folderOf));
  const known = paths.flatMap((path): ManifestFile[] => {
    const editor = editorFor(path);
    if (editor === null) return [];
    const root = rootOf(path, editor, byRoot, python);
    const project = root === null ? undefined : byRoot.get(root);
    if (SHARED.includes(editor) && folderOf(path) === '.') return [{ path, project: null }];
    return project === undefined ? [] : [{ path, project }];
  });
  const listed = listedFiles(projects);
  if (listed.size === 0) return known;
  const named = new Set(known.map(({ path }) => path));
  // The last ones: what a member's own manifests say of its version counts before them.
  const others = paths.flatMap((path): ManifestFile[] => {
    const member = named.has(path) ? undefined : listed.get(path);
    return member === undefined ? [] : [{ path, project: member.name }];
  });
  return [...known, ...others];
}

/** What makes a folder a Python project. */
export function isPythonManifest(path: string): boolean {
  return /^(?:setup\.py|setup\.cfg|pyproject\.toml)$/.test(baseName(path));
}

/** The member's folder that a manifest counts for; null where it lies too deep. */
function rootOf(
  path: string,
  editor: ManifestEditor,
  roots: ReadonlyMap<string, string>,
  python: ReadonlySet<string>,
): string | null {
  const folder = folderOf(path);
  if (editor === pythonModule || editor === versionFile) {
    // In the package of a Python project: `<root>/<package>/` or `<root>/src/<package>/`.
    const above = folder === '.' ? null : folderOf(folder);
    const candidates = [folder, above, above !== null && baseName(above) === 'src' ? folderOf(above) : null];
    const isPlain = editor === versionFile && roots.has(folder);
    return isPlain ? folder : (candidates.find((root) => root !== null && roots.has(root) && python.has(root)) ?? null);
  }
  if (roots.has(folder)) return folder;
  return folder !== '.' && baseName(folder) === 'requirements' ? folderOf(folder) : null;
}
