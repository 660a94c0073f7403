import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  collectNames,
  editorFor,
  findVersions,
  listedFiles,
  listManifests,
  blankVersions,
  readVersion,
  requireVersionFiles,
  type ManifestFile,
  type ManifestNames,
} from '../version/manifests';
import { MembershipError } from '../config/members';
import type { Blank } from '../evidence/subject';
import type { World } from '../io/world';
import type { StepContext } from './context';

/** Where the bump writes besides manifests. */
export const CHANGELOG = 'CHANGELOG.md';
export const RELEASES = 'releases';

/** The files that hold the release's versions, and what counts as a version of this workspace in them. */
export interface WorkspaceManifests {
  readonly files: readonly ManifestFile[];
  readonly contents: ReadonlyMap<string, string>;
  readonly names: ManifestNames;
  /** Version-blanked text of a manifest; null for any other file. */
  readonly blank: Blank;
}

/** Reads the manifests of the members from the work tree; only tracked files count. */
export async function readManifests({
  world,
  members,
  config,
}: Pick<StepContext, 'members' | 'config'> & {
  readonly world: Pick<World, 'root' | 'git'>;
}): Promise<WorkspaceManifests> {
  const tracked = (await world.git.text(['ls-files', '-z'])).split('\0').filter((path) => path !== '');
  const files = listManifests(tracked, members);
  const contents = new Map<string, string>();
  for (const { path } of files) contents.set(path, await readFile(join(world.root, path), 'utf8'));
  const names = collectNames(
    contents,
    members.map(({ root }) => root),
    Object.values(config.images).map(({ repository }) => repository),
    listedFiles(members),
  );
  const own = new Set(files.map(({ path }) => path));
  return {
    files,
    contents,
    names,
    blank: Object.assign(
      (path: string, content: string) => (own.has(path) ? blankVersions(path, content, names) : null),
      { reads: (path: string) => own.has(path) },
    ),
  };
}

/**
 * Whether the bump will be able to edit the files that `slipway.json` lists under `projects.<name>.versionFiles`.
 * @throws {ManifestError} for a file that is missing, marks no version, or can't be listed.
 * @throws {MembershipError} for a project that is not released.
 */
export function checkVersionFiles(
  { members, config }: Pick<StepContext, 'members' | 'config'>,
  { contents, names }: Pick<WorkspaceManifests, 'contents' | 'names'>,
): void {
  const known = new Set(members.map(({ name }) => name));
  for (const [name, { versionFiles = [] }] of Object.entries(config.projects)) {
    if (versionFiles.length > 0 && !known.has(name))
      throw new MembershipError(
        `projects.${name}.versionFiles in slipway.json lists ${versionFiles[0]}, but no released project has that name; the release has ${[...known].join(', ')}`,
      );
  }
  requireVersionFiles(members, contents, names, (path) => path === CHANGELOG || path.startsWith(`${RELEASES}/`));
}

/**
 * The version that a member's own manifests hold: its package's, else the one its images carry.
 * Null where it holds none.
 */
export function currentVersion(project: string, { files, contents, names }: WorkspaceManifests): string | null {
  const own = files.filter((file) => file.project === project);
  for (const { path } of own) {
    const version = readVersion(path, contents.get(path) ?? '', names);
    if (version !== null) return version;
  }
  for (const { path } of own) {
    const tag = imageVersion(path, contents.get(path) ?? '', names);
    if (tag !== null) return tag;
  }
  return null;
}

/**
 * The members with their versions. One that holds none of its own (a docker project whose images are not configured)
 * has that of the others in its line, else of the line's last release; empty where there is none at all.
 */
export function withVersions(
  members: StepContext['members'],
  manifests: WorkspaceManifests,
  lines: readonly { readonly projects: readonly string[]; readonly released: string | null }[],
): { readonly name: string; readonly root: string; readonly current: string }[] {
  const held = new Map(members.map(({ name }) => [name, currentVersion(name, manifests)]));
  const common = new Map(
    lines.flatMap(({ projects, released }) => {
      const shared = projects.map((name) => held.get(name)).find((version) => version != null);
      return projects.map((name) => [name, shared ?? released ?? '']);
    }),
  );
  return members.map(({ name, root }) => ({ name, root, current: held.get(name) ?? common.get(name) ?? '' }));
}

/** Lock files repeat what manifests say, of all projects at once. */
const LOCK_FILE = /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock)$/;

/**
 * Which members a member's manifests depend on, by Nx name. Besides Nx's own graph, which knows nothing of Python packages
 * and charts: whose range the bump rewrites gets a new version itself.
 */
export function manifestDependencies(
  members: StepContext['members'],
  { files, contents, names }: Omit<WorkspaceManifests, 'blank'>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const byRoot = new Map(members.map(({ root, name }) => [root, name]));
  const found = new Map(members.map(({ name }) => [name, new Set<string>()]));
  for (const { path, project } of files) {
    const content = contents.get(path) ?? '';
    const ecosystem = editorFor(path, content)?.ecosystem;
    const roots = ecosystem === undefined ? undefined : names.roots?.[ecosystem];
    if (project === null || roots === undefined || LOCK_FILE.test(path)) continue;
    for (const { of } of findVersions(path, content, names)) {
      const dependency = of.kind === 'dependency' ? byRoot.get(roots.get(of.name) ?? '') : undefined;
      if (dependency !== undefined && dependency !== project) found.get(project)?.add(dependency);
    }
  }
  return found;
}

function imageVersion(path: string, content: string, names: ManifestNames): string | null {
  return findVersions(path, content, names).find(({ of }) => of.kind === 'image')?.version ?? null;
}
