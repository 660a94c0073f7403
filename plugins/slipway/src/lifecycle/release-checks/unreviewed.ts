import { TRUE_HISTORY } from '../../history/read-log';
import type { Git } from '../../io/git';
import type { RangeCommit } from './release-range';

/**
 * Commits of a release that need no review of their own, by id, and why: bumps, which are proven; merges that are what git makes of their
 * parents; and pairs of a commit and its exact revert, which together leave nothing.
 * @param commits newest first.
 * @param bumps ids of bumps that were proven.
 */
export async function needNoReview(
  git: Git,
  commits: readonly RangeCommit[],
  bumps: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const reasons = new Map<string, string>();
  const byId = new Map(commits.map((commit) => [commit.id, commit]));
  for (const commit of commits) {
    // The newest first: what reverts a revert brings the change back, which then has no partner left.
    if (reasons.has(commit.id)) continue;
    if (bumps.has(commit.id)) reasons.set(commit.id, 'the bump, which is proven');
    else if (commit.parents.length === 2) {
      if (await isCleanMerge(git, commit)) reasons.set(commit.id, 'a merge without changes of its own');
    } else {
      const taken = byId.get(/^This reverts commit ([0-9a-f]{40,64})\b/m.exec(commit.message)?.[1] ?? '');
      if (taken === undefined || reasons.has(taken.id) || !(await takesBack(git, commit, taken))) continue;
      reasons.set(commit.id, `takes back ${taken.id.slice(0, 8)}, and nothing else`);
      reasons.set(taken.id, `taken back by ${commit.id.slice(0, 8)}`);
    }
  }
  return reasons;
}

async function isCleanMerge(git: Git, { id, parents: [first = '', second = ''] }: RangeCommit): Promise<boolean> {
  const made = await git.run(['merge-tree', '--write-tree', first, second], { env: TRUE_HISTORY });
  if (made.exitCode !== 0) return false;
  return made.stdout.trim() === (await git.text(['rev-parse', `${id}^{tree}`], { env: TRUE_HISTORY }));
}

/** Whether the files of `taken` were as it left them until `revert`, which put them back as they had been, and touched no other. */
async function takesBack(git: Git, revert: RangeCommit, taken: RangeCommit): Promise<boolean> {
  const [before, after] = [taken.parents[0], revert.parents[0]];
  if (taken.parents.length !== 1 || before === undefined || after === undefined) return false;
  const paths = await changed(git, before, taken.id);
  const reverted = await changed(git, after, revert.id);
  if (paths.length === 0 || paths.join('\0') !== reverted.join('\0')) return false;
  return (await same(git, taken.id, after, paths)) && (await same(git, before, revert.id, paths));
}

async function changed(git: Git, from: string, to: string): Promise<readonly string[]> {
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--name-only', from, to];
  return (await git.text(args, { env: TRUE_HISTORY }))
    .split('\0')
    .filter((path) => path !== '')
    .sort();
}

async function same(git: Git, one: string, other: string, paths: readonly string[]): Promise<boolean> {
  const changedThere = new Set(await changed(git, one, other));
  return !paths.some((path) => changedThere.has(path));
}
