import { GitError, type Git } from '../io/git';
import { hasRemote, readRefList } from '../io/remote';

/** A tag that marks the release, for the projects that got this version. */
export interface ReleaseTag {
  /** Short name, without `refs/tags/`. */
  readonly name: string;
  readonly version: string;
  readonly projects: readonly string[];
}

export interface TagRequest {
  /** All that go out together; the first is the release's own. */
  readonly tags: readonly [ReleaseTag, ...ReleaseTag[]];
  /** Full id of the commit to mark. */
  readonly commit: string;
  /** Release branch, without `refs/heads/`. */
  readonly branch: string;
  readonly main: string;
  readonly remote: string;
}

/** What git knows of the tags and the branches they go out with. Commits are full ids; null where there is none. */
export interface TagFacts {
  /** Commits that the tags mark here, by name; those that are not here are not among them. */
  readonly localTags: ReadonlyMap<string, string>;
  readonly localMain: string | null;
  /** Null without a remote of that name. */
  readonly remote: {
    readonly name: string;
    readonly tags: ReadonlyMap<string, string>;
    readonly main: string | null;
    readonly branch: string | null;
  } | null;
}

/** Reads the tags and branches, here and on the remote: one local and one remote call, nothing fetched or written. */
export async function inspectTags(git: Git, request: TagRequest): Promise<TagFacts> {
  const main = `refs/heads/${request.main}`;
  const refs = request.tags.map(({ name }) => `refs/tags/${name}`);
  const local = await git.text(['for-each-ref', '--format=%(refname) %(objectname) %(*objectname)', ...refs, main]);
  const here = new Map(
    local.split('\n').flatMap((line): [string, string][] => {
      const [ref, id, peeled] = line.split(' ');
      return ref && id ? [[ref, peeled || id]] : [];
    }),
  );
  return {
    localTags: marked(request, (ref) => here.get(ref)),
    localMain: here.get(main) ?? null,
    remote: await inspectRemote(git, request, refs, main),
  };
}

async function inspectRemote(
  git: Git,
  request: TagRequest,
  refs: readonly string[],
  main: string,
): Promise<TagFacts['remote']> {
  if (!(await hasRemote(git, request.remote))) return null;
  const branch = `refs/heads/${request.branch}`;
  // An annotated tag's commit is listed under its peeled name.
  const text = await git.text([
    'ls-remote',
    request.remote,
    ...refs.flatMap((ref) => [ref, `${ref}^{}`]),
    main,
    branch,
  ]);
  const there = readRefList(text);
  return {
    name: request.remote,
    tags: marked(request, (ref) => there.get(`${ref}^{}`) ?? there.get(ref)),
    main: there.get(main) ?? null,
    branch: there.get(branch) ?? null,
  };
}

function marked({ tags }: TagRequest, commitOf: (ref: string) => string | undefined): ReadonlyMap<string, string> {
  return new Map(
    tags.flatMap(({ name }): [string, string][] => {
      const commit = commitOf(`refs/tags/${name}`);
      return commit === undefined ? [] : [[name, commit]];
    }),
  );
}

/** Whether every tag of the request is there and marks its commit. */
export function allMarked({ tags, commit }: TagRequest, at: ReadonlyMap<string, string>): boolean {
  return tags.every(({ name }) => at.get(name) === commit);
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
async function ensureCommit(git: Git, remote: string, ref: string, commit: string): Promise<void> {
  if (!(await isPresent(git, commit))) await git.text(['fetch', '--no-tags', '--no-write-fetch-head', remote, ref]);
}

/** Commit that a tag marks here; null where there is none. */
export async function localTag(git: Git, tag: string): Promise<string | null> {
  const { exitCode, stdout } = await git.run(['rev-parse', '--verify', '--quiet', `refs/tags/${tag}^{commit}`]);
  return exitCode === 0 ? stdout.trim() : null;
}

/** Main as everyone has it: the remote's where there is one, else the local one. Null where there is none. */
export function mainOf(facts: TagFacts): string | null {
  return facts.remote === null ? facts.localMain : facts.remote.main;
}

/** Whether main holds the commit. May fetch objects, no refs. */
export async function mainHolds(git: Git, { commit, remote, main }: TagRequest, facts: TagFacts): Promise<boolean> {
  const at = mainOf(facts);
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
