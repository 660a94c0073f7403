import type { Git } from '../io/git';
import {
  blankVersions,
  collectNames,
  editManifest,
  listedFiles,
  listManifests,
  ManifestError,
  wrongVersions,
  type ManifestEdit,
  type ManifestFile,
  type ManifestNames,
} from '../version/manifests';
import { readCommitFiles } from './commit-files';
import { changedPaths, type ChangedPath } from './diff';
import { RECORD_FILES } from './edits';
import { releaseFolder } from './record';
import { releaseEdits, type ReleasedVersions } from './released-versions';

export interface ProofTerms extends ReleasedVersions {
  /** Of the release's images, e.g. `helpdesk/backend`. */
  readonly repositories: readonly string[];
  /** Path of the changelog. */
  readonly changelog: string;
  /** Folder of the records of releases, e.g. `releases`. */
  readonly releases: string;
}

export interface Violation {
  readonly path: string;
  readonly reason: string;
}

export type BumpProof = { readonly ok: true } | { readonly ok: false; readonly violations: readonly Violation[] };

/**
 * Proves that what was judged at `from` holds at `to`: they differ in versions of this workspace, changelog and record alone,
 * and every version is the one that is released for it; members that are not bumped are as they were.
 */
export async function proveBump(git: Git, from: string, to: string, terms: ProofTerms): Promise<BumpProof> {
  const changes = await changedPaths(git, from, to);
  const manifests = await manifestsOf(git, to, terms);
  const paths = new Set(manifests.map(({ path }) => path));
  const [before, after] = [await readCommitFiles(git, from, [...paths]), await readCommitFiles(git, to, [...paths])];
  const violations: Violation[] = [];
  for (const change of changes) {
    const reason = modeProblem(change) ?? placeProblem(change, paths, terms);
    if (reason !== null) violations.push({ path: change.path, reason });
  }
  violations.push(...manifestViolations(manifests, before, after, terms));
  const records = RECORD_FILES.map((name) => `${releaseFolder(terms.releases, terms.version)}/${name}`);
  // Notes may have been written before the bump, which then leaves them as they are.
  const there = await readCommitFiles(git, to, records);
  for (const path of records) {
    if (!there.has(path)) violations.push({ path, reason: 'the record of the release is missing' });
  }
  return violations.length === 0 ? { ok: true } : { ok: false, violations };
}

async function manifestsOf(
  git: Git,
  commit: string,
  { members }: Pick<ProofTerms, 'members'>,
): Promise<readonly ManifestFile[]> {
  const paths = (await git.text(['ls-tree', '-r', '-z', '--name-only', commit])).split('\0');
  return listManifests(paths, members);
}

const REGULAR = ['100644', '100755'];

function modeProblem({ status, oldMode, newMode }: ChangedPath): string | null {
  if (status === 'D') return 'it was removed';
  if (!REGULAR.includes(newMode)) return `it is no regular file (mode ${newMode})`;
  return status === 'A' || oldMode === newMode ? null : `its mode changed from ${oldMode} to ${newMode}`;
}

function placeProblem(
  { path, status }: ChangedPath,
  manifests: ReadonlySet<string>,
  { version, changelog, releases }: ProofTerms,
): string | null {
  if (path === changelog || path.startsWith(`${releaseFolder(releases, version)}/`)) return null;
  if (!manifests.has(path)) return 'it is neither a manifest of the release, nor its changelog or record';
  return status === 'M' ? null : 'it is a new manifest';
}

type Contents = ReadonlyMap<string, string>;

function manifestViolations(
  manifests: readonly ManifestFile[],
  before: Contents,
  after: Contents,
  terms: ProofTerms,
): readonly Violation[] {
  let names: ManifestNames;
  try {
    const roots = terms.members.map(({ root }) => root);
    names = collectNames(before, roots, terms.repositories, listedFiles(terms.members));
  } catch (error) {
    if (error instanceof ManifestError) return [{ path: error.path, reason: error.message }];
    throw error;
  }
  const editOf = releaseEdits(terms, names);
  return manifests.flatMap((manifest) => {
    const { path } = manifest;
    const reason = manifestProblem(path, before.get(path), after.get(path), { edit: editOf(manifest), names });
    return reason === null ? [] : [{ path, reason }];
  });
}

/** The edit is made again: what it gives from the one content, the other must be, to the last character. */
function manifestProblem(
  path: string,
  before: string | undefined,
  after: string | undefined,
  { edit, names }: { readonly edit: ManifestEdit; readonly names: ManifestNames },
): string | null {
  if (before === undefined || after === undefined) return 'it is not a regular file at both commits';
  try {
    if (editManifest(path, before, edit, names) === after) return null;
    if (blankVersions(path, before, names) !== blankVersions(path, after, names))
      return 'more than versions changed in it';
    const [wrong] = wrongVersions(path, after, edit, names);
    if (wrong === undefined) return 'it holds a version that the release does not change';
    const whose = wrong.name === null ? '' : ` of ${wrong.name}`;
    return `it holds the version ${wrong.held}${whose} where ${wrong.asked} is released`;
  } catch (error) {
    if (error instanceof ManifestError) return error.message;
    throw error;
  }
}
