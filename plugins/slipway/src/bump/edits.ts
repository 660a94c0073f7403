import type { ReleaseProject } from '../config/project';
import type { ReleasePlan } from '../plan/release-plan';
import {
  collectNames,
  editSpans,
  listedFiles,
  listManifests,
  ManifestError,
  type ManifestFile,
  type ManifestNames,
  requireVersionFiles,
} from '../version/manifests';
import type { FileEdit } from './file-edit';
import { releaseFolder, renderRecord } from './record';
import { nextVersions, releaseEdits } from './released-versions';

export interface BumpSources {
  readonly plan: ReleasePlan;
  readonly members: readonly Pick<ReleaseProject, 'name' | 'root' | 'kind' | 'versionFiles'>[];
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
 * @throws {ManifestError} for a manifest that can't be edited, for a listed file that marks no version, and for a member none of
 * whose files holds its version.
 */
export function planEdits(sources: BumpSources): readonly FileEdit[] {
  const { plan, members, files, changelog, releases } = sources;
  const manifests = listManifests([...files.keys()].sort(), members);
  const roots = members.map(({ root }) => root);
  const names = collectNames(files, roots, sources.repositories, listedFiles(members));
  requireVersionFiles(members, files, names, (path) => path === changelog.path || path.startsWith(`${releases}/`));
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
  { plan, members, files }: BumpSources,
  manifests: readonly ManifestFile[],
  names: ManifestNames,
): readonly FileEdit[] {
  const released = { version: plan.version, tags: plan.tags, members };
  const editOf = releaseEdits(released, names);
  const holders = new Set<string | null>();
  const edits = manifests.map((manifest): FileEdit => {
    const { path, project } = manifest;
    const before = files.get(path) ?? '';
    const { content: after, spans } = editSpans(path, before, editOf(manifest), names);
    if (spans.some(({ of }) => of.kind === 'version')) holders.add(project);
    return { path, kind: 'manifest', before, after };
  });
  const next = nextVersions(released);
  for (const { name, root, kind } of members) {
    // Where a package's version stands, tools read it: a release that leaves it behind would be a lie.
    if ((kind !== 'npm' && kind !== 'python') || !next.has(name) || holders.has(name)) continue;
    const candidates = kind === 'npm' ? ['package.json'] : ['setup.py', 'setup.cfg', 'pyproject.toml'];
    const paths = candidates.map((file) => (root === '.' ? file : `${root}/${file}`));
    const path = paths.find((candidate) => files.has(candidate)) ?? paths[0] ?? root;
    throw new ManifestError(path, 1, `${name} is to become ${next.get(name)}, but no file of it holds a version`);
  }
  return edits;
}
