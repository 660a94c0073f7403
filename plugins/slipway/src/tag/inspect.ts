import { GitError, type Git } from '../io/git';

/** What git knows of a tag and the branches it goes out with. Commits are full ids; null where there is none. */
export interface TagFacts {
  /** Commit that the tag marks here. */
  readonly localTag: string | null;
  readonly localMain: string | null;
  /** Null without a remote of that name. */
  readonly remote: {
    readonly name: string;
    readonly tag: string | null;
    readonly main: string | null;
    readonly branch: string | null;
  } | null;
}

export interface TagRequest {
  readonly tag: string;
  /** Full id of the commit to mark. */
  readonly commit: string;
  /** Release branch, without `refs/heads/`. */
  readonly branch: string;
  readonly main: string;
  readonly remote: string;
}

/** Reads the tag and branches, here and on the remote: one local and one remote call, nothing fetched or written. */
export async function inspectTag(git: Git, request: TagRequest): Promise<TagFacts> {
  const refs = [`refs/tags/${request.tag}`, `refs/heads/${request.main}`] as const;
  const local = await git.text(['for-each-ref', '--format=%(refname) %(objectname) %(*objectname)', ...refs]);
  const here = new Map(
    local.split('\n').flatMap((line): [string, string][] => {
      const [ref, id, peeled] = line.split(' ');
      return ref && id ? [[ref, peeled || id]] : [];
    }),
  );
  return {
    localTag: here.get(refs[0]) ?? null,
    localMain: here.get(refs[1]) ?? null,
    remote: await inspectRemote(git, request, refs),
  };
}

async function inspectRemote(
  git: Git,
  request: TagRequest,
  refs: readonly [string, string],
): Promise<TagFacts['remote']> {
  const known = (await git.text(['remote'])).split('\n');
  if (!known.includes(request.remote)) return null;
  const branch = `refs/heads/${request.branch}`;
  // An annotated tag's commit is listed under its peeled name.
  const text = await git.text(['ls-remote', request.remote, refs[0], `${refs[0]}^{}`, refs[1], branch]);
  const there = new Map(
    text.split('\n').flatMap((line): [string, string][] => {
      const [id, ref] = line.split('\t');
      return id && ref ? [[ref, id]] : [];
    }),
  );
  return {
    name: request.remote,
    tag: there.get(`${refs[0]}^{}`) ?? there.get(refs[0]) ?? null,
    main: there.get(refs[1]) ?? null,
    branch: there.get(branch) ?? null,
  };
}

/** Whether `ancestor` is `commit` or one of its ancestors. @throws {GitError} when one of them is not here. */
export async function isAncestor(git: Git, ancestor: string, commit: string): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', ancestor, commit];
  const result = await git.run(args);
  if (result.exitCode > 1) throw new GitError(args, result);
  return result.exitCode === 0;
}

export async function isPresent(git: Git, commit: string): Promise<boolean> {
  return (await git.run(['cat-file', '-e', `${commit}^{commit}`])).exitCode === 0;
}

/** Fetches a commit that only the remote has, without touching any ref. */
export async function ensureCommit(git: Git, remote: string, ref: string, commit: string): Promise<void> {
  if (!(await isPresent(git, commit))) await git.text(['fetch', '--no-tags', '--no-write-fetch-head', remote, ref]);
}

/** Commit that a tag marks here; null where there is none. */
export async function localTag(git: Git, tag: string): Promise<string | null> {
  const { exitCode, stdout } = await git.run(['rev-parse', '--verify', '--quiet', `refs/tags/${tag}^{commit}`]);
  return exitCode === 0 ? stdout.trim() : null;
}

/** Whether main holds the commit: the remote's where there is one, else the local one. May fetch objects, no refs. */
export async function mainHolds(git: Git, { commit, remote, main }: TagRequest, facts: TagFacts): Promise<boolean> {
  const at = facts.remote === null ? facts.localMain : facts.remote.main;
  if (at === null) return false;
  if (facts.remote !== null) await ensureCommit(git, remote, `refs/heads/${main}`, at);
  return isAncestor(git, commit, at);
}

/**
 * How the remote's release branch stands to the commit: it may go out with it (`free`), has it already (`ahead`), or holds something else
 * (`diverged`).
 */
export async function remoteBranch(
  git: Git,
  request: TagRequest,
  facts: TagFacts,
): Promise<'free' | 'ahead' | 'diverged'> {
  const tip = facts.remote?.branch ?? null;
  if (tip === null || tip === request.commit) return 'free';
  await ensureCommit(git, request.remote, `refs/heads/${request.branch}`, tip);
  if (await isAncestor(git, tip, request.commit)) return 'free';
  return (await isAncestor(git, request.commit, tip)) ? 'ahead' : 'diverged';
}
