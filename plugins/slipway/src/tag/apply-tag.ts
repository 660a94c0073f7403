import { GitError, type Git } from '../io/git';
import type { World } from '../io/world';
import { isAncestor, type ReleaseTag, type TagRequest } from './inspect';
import { tagMessage } from './tag-message';

/** Main can't take the release by itself: both changed the same lines. */
export class MergeConflictError extends Error {
  override readonly name = 'MergeConflictError';
  readonly remedy: string;
  constructor(request: TagRequest, conflicts: readonly string[]) {
    super(`${request.branch} does not merge into ${request.main} without conflicts: ${conflicts.join(', ')}`);
    this.remedy = `merge ${request.main} into ${request.branch}, then check and deploy that commit`;
  }
}

/**
 * The commit that main goes to: the release itself where that is a fast-forward, else a merge made without touching the work tree.
 * Objects only; no ref is written.
 * @throws {MergeConflictError}
 */
export async function mergeCommit(
  { git }: Pick<World, 'git'>,
  request: TagRequest,
  main: string | null,
): Promise<string> {
  if (main === null || (await isAncestor(git, main, request.commit))) return request.commit;
  if (await isAncestor(git, request.commit, main)) return main;
  const merged = await git.run(['merge-tree', '--write-tree', '--name-only', '--no-messages', main, request.commit]);
  const [tree = '', ...conflicts] = merged.stdout.split('\n').filter((line) => line !== '');
  if (merged.exitCode === 1) throw new MergeConflictError(request, conflicts);
  if (merged.exitCode !== 0)
    throw new Error(`git merge-tree failed (exit ${merged.exitCode}): ${merged.stderr.trim()}`);
  return git.text([
    'commit-tree',
    tree,
    '-p',
    main,
    '-p',
    request.commit,
    '-m',
    `chore(release): merge ${request.branch} into ${request.main}`,
  ]);
}

/** git was to sign a tag, and did not. */
export class UnsignedTagError extends Error {
  override readonly name = 'UnsignedTagError';
}

const SIGNATURE = /^-----BEGIN (?:PGP SIGNATURE|PGP MESSAGE|SSH SIGNATURE|SIGNED MESSAGE)-----$/m;

/**
 * Creates an annotated tag here, signed where git is configured to sign: a message asks for an annotated tag by itself, and
 * unlike --annotate leaves `tag.forceSignAnnotated` its say.
 * @throws {UnsignedTagError} with the tag made: git 2.39 exits 0 when an SSH key can't sign.
 */
export async function createTag(
  { git, stop }: Pick<World, 'git' | 'stop'>,
  tag: ReleaseTag,
  commit: string,
): Promise<void> {
  stop.check();
  const args = ['tag', '--cleanup=whitespace', '--file=-', '--', tag.name, commit];
  const made = await git.run(args, { input: tagMessage(tag) });
  if (made.exitCode !== 0) throw new GitError(args, made);
  if (!(await signsTags(git)) || SIGNATURE.test(await git.text(['cat-file', 'tag', `refs/tags/${tag.name}`]))) return;
  const said = made.stderr.trim().split('\n', 1)[0] || 'git did not say why';
  throw new UnsignedTagError(`git is configured to sign tags, but did not sign ${tag.name}: ${said}`);
}

async function signsTags(git: Git): Promise<boolean> {
  for (const setting of ['tag.gpgSign', 'tag.forceSignAnnotated']) {
    if ((await git.run(['config', '--type=bool', '--get', setting])).stdout.trim() === 'true') return true;
  }
  return false;
}

/** Takes over a tag that the remote has. */
export async function fetchTag(
  { git, stop }: Pick<World, 'git' | 'stop'>,
  remote: string,
  { name }: ReleaseTag,
): Promise<void> {
  stop.check();
  const ref = `refs/tags/${name}`;
  await git.text(['fetch', '--no-tags', '--no-write-fetch-head', remote, `${ref}:${ref}`]);
}

export async function deleteTag({ git }: Pick<World, 'git'>, tag: string): Promise<void> {
  await git.text(['tag', '--delete', '--', tag]);
}

/** What goes out beside the tags. */
export interface Moves {
  /** Null where main stays as it is; `from` is where it was when that was decided, null for nowhere. */
  readonly main: { readonly from: string | null; readonly to: string } | null;
  /** False where the remote's release branch is ahead already, and stays. */
  readonly branch: boolean;
}

/**
 * Sends tags, main and release branch out in one atomic push of named refs; main by compare-and-swap.
 * @returns whether the server took it, with its words where it did not.
 */
export async function pushRelease(
  { git, stop }: Pick<World, 'git' | 'stop'>,
  request: TagRequest,
  { main, branch }: Moves,
): Promise<{ readonly pushed: boolean; readonly message: string }> {
  stop.check();
  const mainRef = `refs/heads/${request.main}`;
  const result = await git.run([
    'push',
    '--atomic',
    '--porcelain',
    ...(main === null ? [] : [`--force-with-lease=${mainRef}:${main.from ?? ''}`]),
    request.remote,
    ...request.tags.map(({ name }) => `refs/tags/${name}:refs/tags/${name}`),
    ...(main === null ? [] : [`${main.to}:${mainRef}`]),
    ...(branch ? [`${request.commit}:refs/heads/${request.branch}`] : []),
  ]);
  const message = (result.stderr.trim() || result.stdout.trim()).split('\n').slice(-3).join(' ');
  return { pushed: result.exitCode === 0, message };
}

/**
 * Lets local main follow, and leaves a person on main instead of on the finished release branch where their trees are the same,
 * so that no file changes.
 * @returns what was left as it is, for the log; null when main follows.
 */
export async function followMain({ git }: Pick<World, 'git'>, request: TagRequest, to: string): Promise<string | null> {
  const ref = `refs/heads/${request.main}`;
  const local = await git.run(['rev-parse', '--verify', '--quiet', ref]);
  const from = local.exitCode === 0 ? local.stdout.trim() : null;
  const head = await git.run(['symbolic-ref', '--quiet', 'HEAD']);
  const branch = head.stdout.trim();
  if (from !== to) {
    if (from !== null && !(await isAncestor(git, from, to)))
      return `local ${request.main} has commits of its own and stays where it is`;
    if (await isCheckedOut(git, request.main))
      return `${request.main} is checked out and stays where it is: git merge --ff-only ${to.slice(0, 8)}`;
    await git.text(['update-ref', '-m', `release ${request.tags[0].name}`, ref, to, from ?? '0'.repeat(to.length)]);
  }
  if (
    branch === `refs/heads/${request.branch}` &&
    to === request.commit &&
    (await git.text(['rev-parse', 'HEAD'])) === to
  ) {
    await git.text(['symbolic-ref', '-m', `release ${request.tags[0].name}`, 'HEAD', ref]);
  }
  return null;
}

/** Whether a branch is checked out here or in another work tree: git would not let it move under someone's files. */
export async function isCheckedOut(git: Git, branch: string): Promise<boolean> {
  const worktrees = await git.text(['worktree', 'list', '--porcelain']);
  return worktrees.split('\n').includes(`branch refs/heads/${branch}`);
}
