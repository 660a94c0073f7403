import type { Git } from '../io/git';
import {
  blankVersions,
  editorFor,
  findVersions,
  listManifests,
  ManifestError,
  type ManifestNames,
} from '../version/manifests';
import { readCommitFiles } from './commit-files';
import { changedPaths, type ChangedPath } from './diff';
import { RECORD_FILES } from './edits';
import { releaseFolder } from './record';

export interface ProofTerms {
  readonly version: string;
  /** Read from the manifests at `from`. */
  readonly names: ManifestNames;
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
 * and every version is the released one.
 */
export async function proveBump(git: Git, from: string, to: string, terms: ProofTerms): Promise<BumpProof> {
  const changes = await changedPaths(git, from, to);
  const manifests = await manifestsOf(git, to, terms.names);
  const [before, after] = [await readCommitFiles(git, from, manifests), await readCommitFiles(git, to, manifests)];
  const violations: Violation[] = [];
  for (const change of changes) {
    const reason = modeProblem(change) ?? placeProblem(change, manifests, terms);
    if (reason !== null) violations.push({ path: change.path, reason });
  }
  for (const path of manifests) {
    const reason = manifestProblem(path, before.get(path), after.get(path), terms);
    if (reason !== null) violations.push({ path, reason });
  }
  const records = RECORD_FILES.map((name) => `${releaseFolder(terms.releases, terms.version)}/${name}`);
  // Notes may have been written before the bump, which then leaves them as they are.
  const there = await readCommitFiles(git, to, records);
  for (const path of records) {
    if (!there.has(path)) violations.push({ path, reason: 'the record of the release is missing' });
  }
  return violations.length === 0 ? { ok: true } : { ok: false, violations };
}

async function manifestsOf(git: Git, commit: string, names: ManifestNames): Promise<readonly string[]> {
  const paths = (await git.text(['ls-tree', '-r', '-z', '--name-only', commit])).split('\0');
  const members = [...(names.memberRoots ?? [])].map((root) => ({ name: root, root }));
  return listManifests(paths, members).map(({ path }) => path);
}

const REGULAR = ['100644', '100755'];

function modeProblem({ status, oldMode, newMode }: ChangedPath): string | null {
  if (status === 'D') return 'it was removed';
  if (!REGULAR.includes(newMode)) return `it is no regular file (mode ${newMode})`;
  return status === 'A' || oldMode === newMode ? null : `its mode changed from ${oldMode} to ${newMode}`;
}

function placeProblem(
  { path, status }: ChangedPath,
  manifests: readonly string[],
  { version, changelog, releases }: ProofTerms,
): string | null {
  if (path === changelog || path.startsWith(`${releaseFolder(releases, version)}/`)) return null;
  if (!manifests.includes(path)) return 'it is neither a manifest of the release, nor its changelog or record';
  return status === 'M' ? null : 'it is a new manifest';
}

function manifestProblem(
  path: string,
  before: string | undefined,
  after: string | undefined,
  { names, version }: ProofTerms,
): string | null {
  if (before === undefined || after === undefined || editorFor(path) === null)
    return 'it is not a regular file at both commits';
  try {
    if (before !== after && blankVersions(path, before, names) !== blankVersions(path, after, names))
      return 'more than versions changed in it';
    const wrong = findVersions(path, after, names).find(({ text }) => text !== version);
    return wrong === undefined ? null : `it holds the version ${wrong.text} where ${version} is released`;
  } catch (error) {
    if (error instanceof ManifestError) return error.message;
    throw error;
  }
}
