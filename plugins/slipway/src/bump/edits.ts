import type { ReleaseProject } from '../config/project';
import type { ReleasePlan } from '../plan/release-plan';
import {
  collectNames,
  editManifest,
  findVersions,
  listManifests,
  ManifestError,
  readPackageName,
  type ManifestEdit,
  type ManifestFile,
  type ManifestNames,
} from '../version/manifests';
import type { FileEdit } from './file-edit';
import { releaseFolder, renderRecord } from './record';

export interface BumpSources {
  readonly plan: ReleasePlan;
  readonly members: readonly Pick<ReleaseProject, 'name' | 'root' | 'kind'>[];
  /** Contents at the planned commit by workspace path: the members' manifests, changelog and record where they exist. */
  readonly files: ReadonlyMap<string, string>;
  /** Of the release's images, e.g. `helpdesk/backend`. */
  readonly repositories: readonly string[];
  readonly changelog: { readonly path: string; readonly prepend: (content: string | null) => string };
  /** Folder that holds the records of releases, e.g. `releases`. */
  readonly releases: string;
  /** Text of `NOTES.md`. */
  readonly notes: string;
}

export const RECORD_FILES = ['release.json', 'NOTES.md'] as const;

/**
 * Everything that the bump writes. Files that stay as they are, are not among them.
 * @throws {ManifestError} for a manifest that can't be edited, and for a member none of whose files holds its version.
 */
export function planEdits(sources: BumpSources): readonly FileEdit[] {
  const { plan, members, files, changelog, releases } = sources;
  const manifests = listManifests([...files.keys()].sort(), members);
  const roots = members.map(({ root }) => root);
  const names = collectNames(files, roots, sources.repositories);
  const folder = releaseFolder(releases, plan.version);
  const record = { 'release.json': renderRecord(plan), 'NOTES.md': sources.notes };
  const edits: readonly FileEdit[] = [
    ...editManifests(sources, manifests, names),
    {
      path: changelog.path,
      kind: 'changelog',
      before: files.get(changelog.path) ?? null,
      after: changelog.prepend(files.get(changelog.path) ?? null),
    },
    ...RECORD_FILES.map((name): FileEdit => {
      const path = `${folder}/${name}`;
      return { path, kind: 'record', before: files.get(path) ?? null, after: record[name] };
    }),
  ];
  return edits.filter(({ before, after }) => before !== after);
}

function editManifests(
  { plan, members, files, repositories }: BumpSources,
  manifests: readonly ManifestFile[],
  names: ManifestNames,
): readonly FileEdit[] {
  const next = new Map(plan.projects.map((project) => [project.name, project.next]));
  const versionOf = ({ project }: ManifestFile): string =>
    (project === null ? undefined : next.get(project)) ?? plan.version;
  const dependencies = Object.fromEntries(
    manifests.flatMap((manifest) => {
      const name = readPackageName(manifest.path, files.get(manifest.path) ?? '');
      return name === null ? [] : [[name, versionOf(manifest)]];
    }),
  );
  const images = Object.fromEntries(repositories.map((repository) => [repository, plan.version]));
  const holders = new Set<string | null>();
  const edits = manifests.map((manifest): FileEdit => {
    const { path, project } = manifest;
    const before = files.get(path) ?? '';
    const edit: ManifestEdit = { version: versionOf(manifest), dependencies, images };
    const after = editManifest(path, before, edit, names);
    if (findVersions(path, after, names).some(({ of }) => of.kind === 'version')) holders.add(project);
    return { path, kind: 'manifest', before, after };
  });
  for (const { name, root, kind } of members) {
    // Where a package's version stands, tools read it: a release that leaves it behind would be a lie.
    if ((kind !== 'npm' && kind !== 'python') || !next.has(name) || holders.has(name)) continue;
    const file = kind === 'npm' ? 'package.json' : 'setup.py';
    throw new ManifestError(
      root === '.' ? file : `${root}/${file}`,
      1,
      `${name} is to become ${next.get(name)}, but no file of it holds a version`,
    );
  }
  return edits;
}
