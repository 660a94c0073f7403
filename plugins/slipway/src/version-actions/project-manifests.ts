import { posix } from 'node:path';
import type { Tree } from '@nx/devkit';
import { collectNames, listManifests, readVersion, type ManifestNames } from '../version/manifests';

export interface TreeManifest {
  /** Relative to the workspace. */
  readonly path: string;
  readonly content: string;
}

/** A folder's manifests, and which modules among them hold the version of its package. */
export interface ProjectManifests {
  readonly files: readonly TreeManifest[];
  readonly names: Pick<ManifestNames, 'versionFiles'>;
}

/** Names of files that hold a version of their own, as errors name them. */
export const MANIFEST_NAMES = [
  'package.json',
  'pyproject.toml',
  'setup.cfg',
  'setup.py',
  'Chart.yaml',
  'VERSION',
  'docker-compose.yml',
] as const;

/** Lock files of the whole workspace repeat what all its projects say, so they are brought in line once, after the last of them. */
const SHARED = /^(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock)$/;
const NEVER_INSIDE = new Set(['node_modules', 'dist', 'build', '__pycache__']);

/**
 * The manifests of the project in a folder, in the order of their paths: those in the folder itself and in its `requirements/`, and
 * the modules of its Python packages.
 * @throws {ManifestError} for one that can't be parsed.
 */
export function manifestsIn(tree: Tree, root: string): ProjectManifests {
  const paths = filesNear(tree, root).filter((path) => !SHARED.test(path));
  const files = listManifests(paths, [{ name: root, root }])
    .map(({ path }) => ({ path, content: tree.read(path, 'utf-8') ?? '' }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const contents = new Map(files.map(({ path, content }) => [path, content]));
  const { versionFiles } = collectNames(contents, [root], []);
  return { files, names: { versionFiles } };
}

/** Files in a folder, and as deep in it as a project's manifests may be: `requirements/x`, `package/x`, `src/package/x`. */
function filesNear(tree: Tree, root: string): readonly string[] {
  const visit = (folder: string, depth: number): string[] =>
    tree.children(folder).flatMap((name) => {
      const path = posix.join(folder, name);
      if (tree.isFile(path)) return [path];
      if (depth === 0 || NEVER_INSIDE.has(name) || name.startsWith('.')) return [];
      return visit(path, name === 'src' ? depth : depth - 1);
    });
  return visit(root, 1);
}

/**
 * The version that a project's manifests agree on, with the first file that holds it; null where none holds one.
 * @throws {Error} where two differ.
 */
export function currentVersion({
  files,
  names,
}: ProjectManifests): { readonly version: string; readonly path: string } | null {
  const held = files.flatMap(({ path, content }) => {
    const version = readVersion(path, content, { packages: new Set(), images: new Set(), ...names });
    return version === null ? [] : [{ version, path }];
  });
  const [first] = held;
  const other = held.find(({ version }) => version !== first?.version);
  if (first && other) {
    throw new Error(
      `${first.path} has the version ${first.version}, but ${other.path} has ${other.version}. Set both to the version that was released last.`,
    );
  }
  return first ?? null;
}
