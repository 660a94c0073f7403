/** A member of a release, by the folder it owns. */
export interface ProjectRoot {
  readonly name: string;
  /** Relative to the workspace, with `/`; `.` for a root project. */
  readonly root: string;
}

/**
 * Tells which member a file belongs to: the one with the longest root that holds it. Null where none does.
 * A root project gets what no other member owns.
 */
export function createProjectLookup(projects: readonly ProjectRoot[]): (file: string) => string | null {
  const owners = new Map<string, string>();
  for (const { name, root } of projects) {
    const folder = normalise(root);
    const other = owners.get(folder);
    if (other !== undefined) throw new TypeError(`${other} and ${name} have the same root, ${root}`);
    owners.set(folder, name);
  }
  return (file) => {
    // From the path itself on: a submodule may be a project's root.
    for (let folder = file; ; folder = parent(folder)) {
      const owner = owners.get(folder);
      if (owner !== undefined) return owner;
      if (folder === '') return null;
    }
  };
}

/** Names of the members whose files are among these, in the order of the members. */
export function touchedProjects(
  files: readonly string[],
  projects: readonly ProjectRoot[],
  lookup = createProjectLookup(projects),
): string[] {
  const touched = new Set(files.map(lookup));
  return projects.map(({ name }) => name).filter((name) => touched.has(name));
}

function normalise(root: string): string {
  const folder = root.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
  return folder === '.' ? '' : folder;
}

function parent(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
