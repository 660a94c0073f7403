import type { ReleaseProject } from '../config/project';
import type { Git } from '../io/git';
import { listManifests } from '../version/manifests';
import { readCheckedOutFiles } from './commit-files';
import { RECORD_FILES } from './edits';
import { releaseFolder } from './record';

export interface SourceQuery {
  /** The planned commit: a run that goes on after its own bump still plans the same edits. */
  readonly commit: string;
  readonly version: string;
  readonly members: readonly Pick<ReleaseProject, 'name' | 'root' | 'versionFiles'>[];
  /** Path of the changelog. */
  readonly changelog: string;
  readonly releases: string;
}

/** The files that {@link planEdits} works on, as a checkout of the commit would hold them. */
export async function readBumpSources(git: Git, query: SourceQuery): Promise<ReadonlyMap<string, string>> {
  const { commit, version, members, changelog, releases } = query;
  const paths = (await git.text(['ls-tree', '-r', '-z', '--name-only', commit])).split('\0');
  const folder = releaseFolder(releases, version);
  const wanted = [
    ...listManifests(paths, members).map(({ path }) => path),
    changelog,
    ...RECORD_FILES.map((name) => `${folder}/${name}`),
  ];
  return readCheckedOutFiles(git, commit, wanted);
}
