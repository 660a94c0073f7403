import type { Ecosystem, ManifestNames } from './editor';
import { editorFor, isPythonManifest } from './list';
import { baseName, folderOf, normalisePythonName } from './text';
import { PLAIN_VERSION_FILE, PYTHON_VERSION_FILE } from './version-files';

/**
 * The names of this workspace's packages and images, read from the members' own manifests.
 * @param files contents by workspace path; files of other projects are passed over.
 * @param repositories of the release's images, e.g. `helpdesk/backend`.
 * @param listed files that configuration lists, with their members: see `listedFiles`.
 * @throws {ManifestError} for a manifest that can't be parsed.
 */
export function collectNames(
  files: ReadonlyMap<string, string>,
  memberRoots: Iterable<string>,
  repositories: Iterable<string>,
  listed: ReadonlyMap<string, { readonly root: string }> = new Map(),
): ManifestNames & Required<Pick<ManifestNames, 'roots' | 'pythonPackages' | 'versionFiles'>> {
  const members = new Set(memberRoots);
  const roots: Record<Ecosystem, Map<string, string>> = { npm: new Map(), python: new Map(), helm: new Map() };
  const pointed = new Set<string>();
  for (const [path, text] of files) {
    const root = folderOf(path);
    const editor = members.has(root) ? editorFor(path) : null;
    if (!editor?.name) continue;
    const content = withoutMark(text);
    const name = editor.name(path, content);
    if (name !== null) roots[editor.ecosystem].set(name, root);
    for (const file of editor.versionIn?.(path, content) ?? []) pointed.add(file);
  }
  const pythonPackages = pythonNames(roots.python.keys());
  return {
    packages: new Set(roots.npm.keys()),
    pythonPackages,
    charts: new Set(roots.helm.keys()),
    images: new Set(repositories),
    memberRoots: members,
    versionFiles: versionFiles(files, { members, pointed, pythonPackages, listed }),
    ...(listed.size === 0 ? {} : { listed: new Set(listed.keys()) }),
    roots,
  };
}

/** A module counts where a manifest points at it, or its folder has the package's name: others may be code that was copied in. */
function versionFiles(
  files: ReadonlyMap<string, string>,
  known: {
    readonly members: ReadonlySet<string>;
    readonly pointed: ReadonlySet<string>;
    readonly pythonPackages: ReadonlyMap<string, string>;
    readonly listed: ReadonlyMap<string, { readonly root: string }>;
  },
): ReadonlyMap<string, Ecosystem> {
  const python = new Set([...files.keys()].filter(isPythonManifest).map(folderOf));
  return new Map(
    [...files.keys()].flatMap((path): [string, Ecosystem][] => {
      const [name, folder] = [baseName(path), folderOf(path)];
      if (known.pointed.has(path)) return [[path, 'python']];
      const isListed = known.listed.has(path);
      if (PYTHON_VERSION_FILE.test(name) && isListed) return [[path, 'python']];
      if (PYTHON_VERSION_FILE.test(name))
        return known.pythonPackages.has(normalisePythonName(baseName(folder))) ? [[path, 'python']] : [];
      const root = known.listed.get(path)?.root ?? folder;
      const isOwn = PLAIN_VERSION_FILE.test(name) && known.members.has(root);
      return isOwn ? [[path, python.has(root) ? 'python' : 'npm']] : [];
    }),
  );
}

/** Names of Python packages by their normal form, as {@link ManifestNames} has them. */
export function pythonNames(names: Iterable<string>): ReadonlyMap<string, string> {
  return new Map([...names].map((name) => [normalisePythonName(name), name]));
}

/** The name that a manifest gives its package; null for files that name none. */
export function readPackageName(path: string, text: string): string | null {
  return editorFor(path)?.name?.(path, withoutMark(text)) ?? null;
}

function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}
