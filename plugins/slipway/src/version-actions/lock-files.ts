import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { editManifest, findVersions, type ManifestNames } from '../version/manifests';

const LOCK_FILES = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock'] as const;

/** What one package.json says that a lock file repeats. */
interface Entry {
  readonly root: string;
  /** Versions by package name: its own, and those in its ranges. */
  readonly versions: ReadonlyMap<string, string>;
  readonly own: string | null;
}

/** A package.json of the workspace. */
export interface PackageJson {
  /** Its folder, relative to the workspace. */
  readonly root: string;
  readonly content: string;
}

/**
 * Brings the lock files at the root of a workspace in line with its package.json files; nothing else in them changes.
 * @param cwd the workspace
 * @param roots of its projects
 * @returns the files that differ from before, or would
 * @throws {ManifestError} for a file that can't be parsed
 */
export function updateLockFiles(cwd: string, roots: readonly string[], dryRun: boolean): readonly string[] {
  const manifests = roots.flatMap((root): PackageJson[] => {
    const path = join(cwd, root, 'package.json');
    return existsSync(path) ? [{ root, content: readFileSync(path, 'utf8') }] : [];
  });
  return LOCK_FILES.filter((file) => {
    const path = join(cwd, file);
    if (!existsSync(path)) return false;
    const before = readFileSync(path, 'utf8');
    const after = lockFileOf(file, before, manifests);
    if (after !== before && !dryRun) writeFileSync(path, after);
    return after !== before;
  });
}

/** The content of a lock file, with the versions and ranges that the package.json files have. */
export function lockFileOf(file: string, content: string, manifests: readonly PackageJson[]): string {
  const packages = new Set(manifests.flatMap((manifest) => nameIn(manifest.content) ?? []));
  const entries = manifests.map((manifest) => entryOf(manifest.root, manifest.content, packages));
  return withoutConflicts(entries).reduce((text, batch) => editBatch(file, text, batch, packages), content);
}

function nameIn(content: string): string | null {
  const { name } = JSON.parse(content.replace(/^\uFEFF/, '')) as { readonly name?: unknown };
  return typeof name === 'string' ? name : null;
}

function entryOf(root: string, content: string, packages: ReadonlySet<string>): Entry {
  const names: ManifestNames = { packages, images: new Set() };
  const versions = new Map<string, string>();
  let own: string | null = null;
  for (const { of, version } of findVersions('package.json', content, names)) {
    if (of.kind === 'version') own = version;
    else if (of.kind === 'dependency') versions.set(of.name, version);
  }
  const name = nameIn(content);
  if (name !== null && own !== null) versions.set(name, own);
  return { root, versions, own };
}

/**
 * An edit gives each package one version, but a range that was kept may name an older one than the package has. So the entries are
 * edited in as few goes as there are versions of a package: mostly one.
 */
function withoutConflicts(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const batches: { readonly entries: Entry[]; readonly versions: Map<string, string> }[] = [];
  for (const entry of entries) {
    const fits = (versions: ReadonlyMap<string, string>): boolean =>
      [...entry.versions].every(([name, version]) => (versions.get(name) ?? version) === version);
    let batch = batches.find(({ versions }) => fits(versions));
    if (!batch) batches.push((batch = { entries: [], versions: new Map() }));
    batch.entries.push(entry);
    for (const [name, version] of entry.versions) batch.versions.set(name, version);
  }
  return batches.map((batch) => batch.entries);
}

function editBatch(file: string, content: string, batch: readonly Entry[], packages: ReadonlySet<string>): string {
  const dependencies = Object.fromEntries(batch.flatMap(({ versions }) => [...versions]));
  const version = batch.find(({ root }) => root === '.')?.own ?? null;
  const names: ManifestNames = { packages, images: new Set(), memberRoots: new Set(batch.map(({ root }) => root)) };
  return editManifest(file, content, { dependencies, ...(version === null ? {} : { version }) }, names);
}
