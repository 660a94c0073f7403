import { existsSync } from 'node:fs';
import type { Git } from '../io/git';
import type { World } from '../io/world';
import type { Refusal } from '../ledger/outcome';
import type { ReleasePlan } from '../plan/release-plan';
import type { FileEdit } from './file-edit';
import { findBump } from './find-bump';
import { tagsOf } from './planned-tags';
import { isAncestor, remoteRefusals } from './remote-preconditions';
import { several } from './several';
import { readIfThere } from './state-folder';
import { linkOnTheWay } from './tree-files';

export interface BumpRequest {
  readonly plan: Pick<ReleasePlan, 'version' | 'tag' | 'branch' | 'commit'> & {
    /** All that will mark the release; default: `tag` alone. */
    readonly tags?: readonly { readonly name: string; readonly version: string }[];
  };
  readonly edits: readonly FileEdit[];
  /** Of the commit. */
  readonly message: string;
  /** Branch that the release starts from: main, or that of a hotfix. */
  readonly main: string;
  /** Git remote, which need not exist. */
  readonly remote: string;
}

/** Where the repository stands, as far as the bump is concerned. */
export interface BumpGround {
  readonly refusals: readonly Refusal[];
  /** Full name of the ref that HEAD is on; null when it is detached. */
  readonly head: string | null;
  /** Whether the release branch exists. */
  readonly branchExists: boolean;
  /** The bump's commit, where an earlier run made it. */
  readonly bumped: string | null;
}

/** Looks at everything that must hold before a bump. Reads only. */
export async function inspectBump(world: Pick<World, 'git' | 'root'>, request: BumpRequest): Promise<BumpGround> {
  const { git, root } = world;
  const { plan, main, edits } = request;
  const [headCommit, head, found] = await Promise.all([
    resolveCommit(git, 'HEAD'),
    git.run(['symbolic-ref', '-q', 'HEAD']).then(({ exitCode, stdout }) => (exitCode === 0 ? stdout.trim() : null)),
    findBump(git, request),
  ]);
  const bumped = found.kind === 'bumped' ? found.commit : null;
  const refusals: Refusal[] = [...(await gitRefusals(git)), ...(await treeRefusals(git))];
  const allowed = [`refs/heads/${main}`, `refs/heads/${plan.branch}`];
  if (head === null || !allowed.includes(head)) {
    const where = head === null ? 'HEAD is detached' : `${head.replace('refs/heads/', '')} is checked out`;
    refusals.push({
      id: 'onMainBranch',
      reason: `${where}; a release starts from ${main}`,
      remedy: `git switch ${main}`,
    });
  }
  if (bumped === null && headCommit !== plan.commit) {
    const reason = `release ${plan.version} was planned at ${short(plan.commit)}, but HEAD is ${headCommit === null ? 'without a commit' : short(headCommit)}`;
    refusals.push({
      id: 'headPlanned',
      reason,
      remedy: `plan again, or go back with: git switch ${main} && git merge --ff-only ${plan.commit}`,
    });
  }
  if (found.kind === 'elsewhere') {
    const reason = `the branch ${plan.branch} exists at ${short(found.tip)}, with something else than this release`;
    refusals.push({
      id: 'branchFree',
      reason,
      remedy: `look at it, and give it up with: git branch -D ${plan.branch}`,
    });
  }
  refusals.push(...(await tagRefusals(git, plan, bumped)), ...(await remoteRefusals(git, request, bumped)));
  if (bumped === null) refusals.push(...(await fileRefusals(root, edits)));
  return { refusals, head, branchExists: found.kind !== 'absent', bumped };
}

export async function resolveCommit(git: Git, name: string): Promise<string | null> {
  const { exitCode, stdout } = await git.run(['rev-parse', '-q', '--verify', `${name}^{commit}`]);
  return exitCode === 0 ? stdout.trim() : null;
}

export function short(commit: string): string {
  return commit.slice(0, 10);
}

async function gitRefusals(git: Git): Promise<readonly Refusal[]> {
  const refusals: Refusal[] = [];
  const [, major, minor] = /(\d+)\.(\d+)/.exec(await git.text(['version'])) ?? [];
  if (Number(major) * 1000 + Number(minor) < 2036) {
    refusals.push({
      id: 'gitVersion',
      reason: `git is ${major}.${minor}; its hooks can be run from 2.36 on`,
      remedy: 'install a newer git',
    });
  }
  if (
    (await git.run(['var', 'GIT_COMMITTER_IDENT'])).exitCode !== 0 ||
    (await git.run(['var', 'GIT_AUTHOR_IDENT'])).exitCode !== 0
  ) {
    const remedy = 'git config user.name "…" && git config user.email "…"';
    refusals.push({ id: 'identity', reason: "git doesn't know who commits here", remedy });
  }
  return refusals;
}

const OPERATIONS: readonly (readonly [string, string])[] = [
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['rebase-merge', 'rebase'],
  ['rebase-apply', 'rebase'],
];

async function treeRefusals(git: Git): Promise<readonly Refusal[]> {
  const refusals: Refusal[] = [];
  const gitDir = await git.text(['rev-parse', '--absolute-git-dir']);
  const operation = OPERATIONS.find(([name]) => existsSync(`${gitDir}/${name}`))?.[1];
  if (operation !== undefined) {
    refusals.push({
      id: 'noOperation',
      reason: `a ${operation} is under way`,
      remedy: `git ${operation} --continue, or git ${operation} --abort`,
    });
  }
  const dirty = await dirtyPaths(git);
  if (dirty.length > 0) {
    const [first] = dirty;
    const others = dirty.length > 1 ? ` and ${dirty.length - 1} more` : '';
    const reason = `the tree has changes that are not committed (${first}${others})`;
    refusals.push({
      id: 'treeClean',
      reason,
      remedy: 'commit them, or put them aside with: git stash --include-untracked',
    });
  }
  return refusals;
}

/** Paths with changes, tracked or not; ignored files don't count. */
export async function dirtyPaths(git: Git): Promise<readonly string[]> {
  const status = await git.text(['status', '--porcelain=v1', '-z', '--untracked-files=all', '--no-renames']);
  return status.split('\0').flatMap((entry) => (entry === '' ? [] : [entry.slice(3)]));
}

async function tagRefusals(git: Git, plan: BumpRequest['plan'], bumped: string | null): Promise<readonly Refusal[]> {
  // Asked together: a release of many lines has a tag for each.
  const there = new Map(
    (await git.text(['for-each-ref', '--format=%(refname) %(*objectname) %(objectname)', 'refs/tags']))
      .split('\n')
      .map((line): [string, string] => {
        const [ref = '', ...ids] = line.split(' ');
        return [ref, ids.find((id) => id !== '') ?? ''];
      }),
  );
  const refusals: Refusal[] = [];
  for (const { name, version } of tagsOf(plan)) {
    const tagged = there.get(`refs/tags/${name}`);
    if (tagged === undefined) continue;
    if (bumped !== null && (await isAncestor(git, bumped, tagged))) continue;
    refusals.push({
      id: 'tagFree',
      reason: `the tag ${name} exists already, on ${short(tagged)}`,
      remedy: `release another version than ${version}, or delete the tag if it is a mistake: git tag -d ${name}`,
    });
  }
  return refusals;
}

async function fileRefusals(root: string, edits: readonly FileEdit[]): Promise<readonly Refusal[]> {
  const folders = new Map<string, Promise<boolean>>();
  const refusals = await several(edits, (edit) => fileRefusal(root, edit, folders));
  return refusals.filter((refusal) => refusal !== null);
}

async function fileRefusal(
  root: string,
  { path, before }: FileEdit,
  folders: Map<string, Promise<boolean>>,
): Promise<Refusal | null> {
  if (path.startsWith('/') || path.split('/').some((part) => part === '..' || part === ''))
    return {
      id: 'insideWorkspace',
      reason: `${path} is no path inside the workspace`,
      remedy: 'correct it in slipway.json',
    };
  const link = await linkOnTheWay(root, path, folders);
  if (link !== null)
    return {
      id: 'noLinks',
      reason: `${link} is a symbolic link; the bump writes through none`,
      remedy: `put a regular ${link === path ? 'file' : 'folder'} in its place and commit it`,
    };
  const now = await readIfThere(`${root}/${path}`);
  if (before === null ? now === null : now !== null && now.equals(Buffer.from(before, 'utf8'))) return null;
  return {
    id: 'filesAsPlanned',
    reason: `${path} is not what the planned commit holds, although git calls the tree clean (ignored, converted, or no UTF-8 text)`,
    remedy: `look at it; get the committed one with: git rm --cached -q -- ${path} && git checkout HEAD -- ${path}`,
  };
}
