import type { ProjectGraph, Tree } from '@nx/devkit';
import { collectNames, editorFor, type Ecosystem, type ManifestNames } from '../version/manifests';
import { manifestsIn } from './project-manifests';

/** The packages of a workspace and which project each is. */
export interface WorkspacePackages {
  readonly names: Pick<ManifestNames, 'packages' | 'pythonPackages' | 'charts'>;
  /** Nx name of the project that a package is of; null where it is none of this workspace's. */
  projectOf(manifest: string, name: string): string | null;
  /** Names, as a manifest of this kind spells them, of the packages that a project is. */
  readonly all: Readonly<Record<Ecosystem, ReadonlyMap<string, string>>>;
}

/** Every project of a release has its own VersionActions, and all of them get the same graph: its packages are read once. */
const known = new WeakMap<ProjectGraph, WorkspacePackages>();

/** Every package that the projects' own manifests name. @throws {ManifestError} for a manifest that can't be parsed. */
export function packagesOf(tree: Tree, graph: ProjectGraph): WorkspacePackages {
  const before = known.get(graph);
  if (before) return before;
  const projects = new Map(Object.entries(graph.nodes).map(([name, { data }]) => [data.root, name]));
  const files = new Map(
    [...projects.keys()].flatMap((root) =>
      manifestsIn(tree, root).files.map(({ path, content }): [string, string] => [path, content]),
    ),
  );
  const { packages, pythonPackages, charts, roots } = collectNames(files, projects.keys(), []);
  const named = (ecosystem: Ecosystem): ReadonlyMap<string, string> =>
    new Map(
      [...roots[ecosystem]].flatMap(([name, root]): [string, string][] => {
        const project = projects.get(root);
        return project === undefined ? [] : [[name, project]];
      }),
    );
  const all = { npm: named('npm'), python: named('python'), helm: named('helm') };
  const found: WorkspacePackages = {
    names: { packages, pythonPackages, ...(charts ? { charts } : {}) },
    projectOf: (manifest, name) => all[ecosystemOf(manifest)].get(name) ?? null,
    all,
  };
  known.set(graph, found);
  return found;
}

/** Whose package names a manifest uses. */
export function ecosystemOf(manifest: string): Ecosystem {
  return editorFor(manifest)?.ecosystem ?? 'npm';
}
