import { dirname } from 'node:path/posix';

/** The deepest of some folders that a path is, or lies in; null where it lies in none. Paths are relative to the workspace, `.` is all of it. */
export function deepestRoot(path: string, roots: { readonly has: (folder: string) => boolean }): string | null {
  for (let folder = path; ; folder = dirname(folder)) {
    if (roots.has(folder)) return folder;
    if (folder === '.') return null;
  }
}
