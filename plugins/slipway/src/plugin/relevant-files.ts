import { folderOf, baseName } from '../version/manifests/text';
import { PYTHON_VERSION_FILE } from '../version/manifests/version-files';

const PYTHON_MANIFEST = /^(?:setup\.py|setup\.cfg|pyproject\.toml)$/;
/** Nx hashes what they say of external packages by itself, and the one at the root may be large. */
export const LOCK_FILES = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock'];

/**
 * Of the files that Nx found, those worth reading: a Python workspace has thousands of `__init__.py`, and a version stands only
 * in the package of a project, `<root>/<package>/` or `<root>/src/<package>/`.
 */
export function relevantFiles(files: readonly string[]): readonly string[] {
  const python = new Set(files.filter((file) => PYTHON_MANIFEST.test(baseName(file))).map(folderOf));
  return files.filter((file) => {
    const name = baseName(file);
    // Most files by far.
    if (name === 'package.json' || name === 'project.json') return true;
    const folder = folderOf(file);
    if (LOCK_FILES.includes(name)) return folder !== '.';
    if (!PYTHON_VERSION_FILE.test(name) || python.has(folder)) return true;
    if (folder === '.') return false;
    const above = folderOf(folder);
    return python.has(above) || (above !== '.' && baseName(above) === 'src' && python.has(folderOf(above)));
  });
}
