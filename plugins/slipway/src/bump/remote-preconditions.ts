import type { Git } from '../io/git';
import { hasRemote, readRefList } from '../io/remote';
import type { Refusal } from '../ledger/outcome';
import { tagsOf } from './planned-tags';
import type { BumpRequest } from './preconditions';

/** What the remote has to say against a bump. Asks it without fetching, so that nothing changes here either. */
export async function remoteRefusals(
  git: Git,
  { plan, main, remote }: BumpRequest,
  bumped: string | null,
): Promise<readonly Refusal[]> {
  if (!(await hasRemote(git, remote))) return [];
  const [mainRef, branchRef] = [`refs/heads/${main}`, `refs/heads/${plan.branch}`];
  const tags = tagsOf(plan).map(({ name }) => ({ name, ref: `refs/tags/${name}` }));
  const tagRefs = tags.flatMap(({ ref }) => [ref, `${ref}^{}`]);
  const listed = await git.run(['ls-remote', remote, mainRef, branchRef, ...tagRefs]);
  if (listed.exitCode !== 0) {
    const reason = `the remote ${remote} can't be reached, so nobody can tell whether ${main} is up to date: ${listed.stderr.trim().split('\n')[0]}`;
    return [{ id: 'remoteReachable', reason, remedy: `check with: git ls-remote ${remote}` }];
  }
  const there = readRefList(listed.stdout);
  const refusals: Refusal[] = [];
  const theirMain = there.get(mainRef);
  const ourMain = (await git.run(['rev-parse', '-q', '--verify', mainRef])).stdout.trim() || plan.commit;
  if (theirMain !== undefined && !(await isAncestor(git, theirMain, ourMain))) {
    const reason = `${main} is behind ${remote}/${main}, or has left it`;
    refusals.push({ id: 'mainCurrent', reason, remedy: `git pull --ff-only ${remote} ${main}, and plan again` });
  }
  const theirBranch = there.get(branchRef);
  const ours = bumped ?? plan.commit;
  if (
    theirBranch !== undefined &&
    theirBranch !== plan.commit &&
    !(bumped !== null && (await related(git, theirBranch, ours)))
  ) {
    const reason = `${remote} has a branch ${plan.branch} already, at ${theirBranch.slice(0, 10)}`;
    refusals.push({
      id: 'branchFree',
      reason,
      remedy: `go on with it: git fetch ${remote} && git switch ${plan.branch}`,
    });
  }
  for (const { name, ref } of tags) {
    const theirTag = there.get(`${ref}^{}`) ?? there.get(ref);
    if (theirTag === undefined || (bumped !== null && (await isAncestor(git, bumped, theirTag)))) continue;
    const reason = `${remote} has a tag ${name} already, on ${theirTag.slice(0, 10)}`;
    refusals.push({
      id: 'tagFree',
      reason,
      remedy: `get it with git fetch --tags ${remote}, and release another version`,
    });
  }
  return refusals;
}

/** A commit that was never fetched is an error for git, and no ancestor of ours. */
export async function isAncestor(git: Git, ancestor: string, descendant: string): Promise<boolean> {
  return (await git.run(['merge-base', '--is-ancestor', ancestor, descendant])).exitCode === 0;
}

async function related(git: Git, a: string, b: string): Promise<boolean> {
  return (await isAncestor(git, a, b)) || (await isAncestor(git, b, a));
}
