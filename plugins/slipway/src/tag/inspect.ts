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

/** Fetches a commit that only the remote has, without touching any ref. */
export async function ensureCommit(git: Git, remote: string, ref: string, commit: string): Promise<void> {
  const present = await git.run(['cat-file', '-e', `${commit}^{commit}`]);
  if (present.exitCode !== 0) await git.text(['fetch', '--no-tags', '--no-write-fetch-head', remote, ref]);
}
