import { posix } from 'node:path';
import { normalizePath, type ProjectGraph, type Tree } from '@nx/devkit';
import type { ResolveVersionForDependency } from 'nx/release';
import { parseConfig } from '../config/load';
import { editManifest, findVersions, type VersionSpan } from '../version/manifests';
import { versionActionsClass } from './base-class';
import { collectionOf, keptRanges, type Preserve } from './kept-ranges';
import {
  currentVersion,
  MANIFEST_NAMES,
  manifestsIn,
  type ProjectManifests,
  type TreeManifest,
} from './project-manifests';
import { ecosystemOf, packagesOf } from './workspace-packages';

/** `release.version.versionActionsOptions` as this class understands it. */
interface Options {
  /** Repositories of images whose tags in the project's Compose files are the project's version. Default: those of slipway.json. */
  readonly images?: unknown;
}

/**
 * Lets `nx release version` write with Slipway's editors: npm, Python and Docker projects, each file in its own dialect, and nothing
 * changed but versions. Everything happens in the tree, so an error leaves every file as it was.
 */
export class SlipwayVersionActions extends versionActionsClass() {
  override validManifestFilenames: string[] = [...MANIFEST_NAMES];
  /** An edit changes versions only; a formatter afterwards would change more. */
  override excludeManifestsFromFormatting = true;
  private roots: { readonly path: string; readonly preserveLocalDependencyProtocols: boolean }[] = [];

  override async init(tree: Tree): Promise<void> {
    const { root } = this.projectGraphNode.data;
    const own = manifestsIn(tree, root).files.map(({ path }) => posix.relative(root, path));
    // Nx looks for the first of these that exists to know that the project's folder is to be updated, and joins the first to it.
    this.validManifestFilenames = [...new Set([...own.filter((name) => !name.includes('/')), ...MANIFEST_NAMES])];
    await super.init(tree);
    this.roots = this.manifestsToUpdate.map(({ manifestPath, ...rest }) => ({
      ...rest,
      path: posix.dirname(normalizePath(manifestPath)),
    }));
    this.listManifests(tree);
  }

  /** After the commands that may build the manifests: each folder must hold a version. */
  override async validate(tree: Tree): Promise<void> {
    this.listManifests(tree);
    for (const { path } of this.roots) {
      if (this.ownVersions(tree, manifestsIn(tree, path)).length > 0) continue;
      throw new Error(
        `${this.projectGraphNode.name}: no file in ${path} holds a version that nx-slipway/version-actions could write (${MANIFEST_NAMES.join(', ')}). ` +
          'Add one, or leave the project out of "release.projects" in nx.json; for the images of a Compose file, name their repositories in "versionActionsOptions.images".',
      );
    }
  }

  /** The version of the manifests, else the tag of the project's images; where they differ, nobody could say which it is. */
  override async readCurrentVersionFromSourceManifest(
    tree: Tree,
  ): Promise<{ currentVersion: string; manifestPath: string } | null> {
    const manifests = manifestsIn(tree, this.projectGraphNode.data.root);
    const held = currentVersion(manifests);
    if (held !== null) return { currentVersion: held.version, manifestPath: held.path };
    const tags = this.ownVersions(tree, manifests);
    const [first] = tags;
    if (first === undefined || tags.some(({ version }) => version !== first.version)) return null;
    return { currentVersion: first.version, manifestPath: first.path };
  }

  /**
   * No registry is asked: a project may go to npm, to a Python index, to an image registry, or nowhere. Nx then says that this
   * resolver can't be used here; `git-tag` and `disk` can.
   */
  override async readCurrentVersionFromRegistry(): Promise<null> {
    return null;
  }

  override async readCurrentVersionOfDependency(
    tree: Tree,
    projectGraph: ProjectGraph,
    dependencyProjectName: string,
  ): Promise<{ currentVersion: string | null; dependencyCollection: string | null }> {
    const packages = packagesOf(tree, projectGraph);
    const { files, names } = manifestsIn(tree, this.projectGraphNode.data.root);
    for (const { path, content } of files) {
      for (const { of, version } of findVersions(path, content, { ...packages.names, ...names, images: new Set() })) {
        if (of.kind !== 'dependency' || packages.projectOf(path, of.name) !== dependencyProjectName) continue;
        const name = posix.basename(path);
        return {
          currentVersion: version,
          dependencyCollection: name === 'package.json' ? collectionOf(content, of.name) : name,
        };
      }
    }
    return { currentVersion: null, dependencyCollection: null };
  }

  override async updateProjectVersion(tree: Tree, newVersion: string): Promise<string[]> {
    const images = Object.fromEntries(this.repositories(tree).map((repository) => [repository, newVersion]));
    const changed = this.edit(tree, ({ path, content }, names) =>
      editManifest(
        path,
        content,
        { version: newVersion, images },
        { packages: new Set(), ...names, images: new Set(Object.keys(images)) },
      ),
    );
    return changed.map((path) => `✍️  New version ${newVersion} written to ${path}`);
  }

  override async updateProjectDependencies(
    tree: Tree,
    projectGraph: ProjectGraph,
    dependenciesToUpdate: Record<string, string>,
    resolveVersionForDependency?: ResolveVersionForDependency,
  ): Promise<string[]> {
    const packages = packagesOf(tree, projectGraph);
    const used = this.roots.flatMap(({ path: root }) => {
      const { files, names } = manifestsIn(tree, root);
      return files.flatMap(({ path, content }) =>
        findVersions(path, content, { ...packages.names, ...names, images: new Set() }).flatMap(({ of }) =>
          of.kind === 'dependency' ? (packages.projectOf(path, of.name) ?? []) : [],
        ),
      );
    });
    const edges = new Set((projectGraph.dependencies[this.projectGraphNode.name] ?? []).map(({ target }) => target));
    const next = new Map<string, string>();
    for (const project of new Set(used)) {
      const given = dependenciesToUpdate[project];
      // The range keeps its own form, so Nx's prefix goes.
      if (given !== undefined) next.set(project, given.replace(/^[~^=]/, ''));
      // Nx draws no edges between Python packages: what is pinned here follows all the same.
      else if (!edges.has(project) && resolveVersionForDependency)
        next.set(project, await resolveVersionForDependency(project));
    }
    const preserve = this.finalConfigForProject.preserveMatchingDependencyRanges as Preserve;
    const changed = this.edit(tree, ({ path, content }, names) => {
      const versions = Object.fromEntries(
        [...packages.all[ecosystemOf(path)]].flatMap(([name, project]): [string, string][] => {
          const version = next.get(project);
          return version === undefined ? [] : [[name, version]];
        }),
      );
      const kept = posix.basename(path) === 'package.json' ? keptRanges(content, versions, preserve) : new Set();
      const dependencies = Object.fromEntries(Object.entries(versions).filter(([name]) => !kept.has(name)));
      return editManifest(path, content, { dependencies }, { ...packages.names, ...names, images: new Set() });
    });
    return changed.map((path) => `✍️  Dependencies updated in ${path}`);
  }

  /** @returns the paths that changed */
  private edit(
    tree: Tree,
    edit: (manifest: TreeManifest, names: ProjectManifests['names']) => string,
  ): readonly string[] {
    // All are edited before the first is written: one that can't be leaves the others alone.
    const edited = this.roots.flatMap(({ path: root }) => {
      const { files, names } = manifestsIn(tree, root);
      return files.map((manifest) => ({ ...manifest, after: edit(manifest, names) }));
    });
    return edited.flatMap(({ path, content, after }) => {
      if (after === content) return [];
      tree.write(path, after);
      return [path];
    });
  }

  /** Nx asks this list which files its formatter leaves alone. */
  private listManifests(tree: Tree): void {
    this.manifestsToUpdate = this.roots.flatMap(({ path: root, preserveLocalDependencyProtocols }) =>
      manifestsIn(tree, root).files.map(({ path }) => ({ manifestPath: path, preserveLocalDependencyProtocols })),
    );
  }

  /** The places of the project's version, tags of its images among them. */
  private ownVersions(
    tree: Tree,
    { files, names }: ProjectManifests,
  ): readonly (Pick<VersionSpan, 'version'> & { readonly path: string })[] {
    const images = new Set(this.repositories(tree));
    return files.flatMap(({ path, content }) =>
      findVersions(path, content, { packages: new Set(), ...names, images }).map(({ version }) => ({ version, path })),
    );
  }

  private repositories(tree: Tree): readonly string[] {
    const { images } = (this.finalConfigForProject.versionActionsOptions ?? {}) as Options;
    if (images === undefined) {
      const config = parseConfig(tree.exists('slipway.json') ? tree.read('slipway.json', 'utf-8') : null);
      return Object.values(config.images).map(({ repository }) => repository);
    }
    if (Array.isArray(images) && images.every((image): image is string => typeof image === 'string')) return images;
    throw new Error('nx.json: "versionActionsOptions.images" must be a list of image repositories, e.g. ["acme/api"]');
  }
}
