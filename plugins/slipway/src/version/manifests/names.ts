import type { ManifestNames } from './editor';
import { readNpmName } from './package-json';
import { readPythonName } from './setup-py';
import { baseName, folderOf } from './text';

/**
 * The names of this workspace's packages and images, read from the members' own manifests.
 * @param files contents by workspace path; files of other projects are passed over.
 * @param repositories of the release's images, e.g. `helpdesk/backend`.
 * @throws {ManifestError} for a manifest that can't be parsed.
 */
export function collectNames(
  files: ReadonlyMap<string, string>,
  memberRoots: Iterable<string>,
  repositories: Iterable<string>,
): ManifestNames {
  const roots = new Set(memberRoots);
  const packages = new Set<string>();
  const pythonPackages = new Set<string>();
  for (const [path, text] of files) {
    if (!roots.has(folderOf(path))) continue;
    const name = readPackageName(path, text);
    if (name !== null) (baseName(path) === 'setup.py' ? pythonPackages : packages).add(name);
  }
  return { packages, pythonPackages, images: new Set(repositories), memberRoots: roots };
}

/** The name that a `package.json` or `setup.py` gives its package; null for other files, and where it gives none. */
export function readPackageName(path: string, text: string): string | null {
  const content = text.replace(/^\uFEFF/, '');
  switch (baseName(path)) {
    case 'package.json':
      return readNpmName(path, content);
    case 'setup.py':
      return readPythonName(path, content);
    default:
      return null;
  }
}
