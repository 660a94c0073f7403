import { folderOf } from './text';

/** Modules that hold `__version__` by custom. */
export const PYTHON_VERSION_FILE = /^(?:__init__|__version__|_version|version|__about__|about)\.py$/;
/** Files whose whole content is a version. */
export const PLAIN_VERSION_FILE = /^(?:VERSION|version)(?:\.txt)?$/;

/** A path that a manifest names, from the workspace; null where it leads out of the manifest's folder or to no file that Slipway edits. */
export function versionFileFrom(manifest: string, relative: string): string | null {
  const parts = relative.split(/[\\/]+/).filter((part) => part !== '.' && part !== '');
  const name = parts.at(-1) ?? '';
  if (parts.includes('..') || !(PYTHON_VERSION_FILE.test(name) || PLAIN_VERSION_FILE.test(name))) return null;
  const folder = folderOf(manifest);
  return [...(folder === '.' ? [] : [folder]), ...parts].join('/');
}

/** Where the module `a.b` of a Python project may be: as a file or a package, at its top or in `src`. */
export function moduleFiles(manifest: string, module: string): readonly string[] {
  const path = module.split('.').join('/');
  return ['', 'src/'].flatMap((base) =>
    [`${base}${path}.py`, `${base}${path}/__init__.py`].flatMap((file) => versionFileFrom(manifest, file) ?? []),
  );
}
