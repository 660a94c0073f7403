import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage } from '../io/error-message';
import type { Git } from '../io/git';
import type { RunOptions } from '../io/exec';
import type { World } from '../io/world';
import { readCheckedOutFiles } from './commit-files';
import { changedPaths } from './diff';
import type { Journal } from './journal';
import type { StateFolder } from './state-folder';

/**
 * Makes the commit of the files that are in the tree by now, and moves the release branch to it.
 *
 * It is what `git commit` does, taken apart: an index of its own, the hooks, the commit object, the branch last. So the commit can be
 * proven before any ref shows it, and a git that survives a killed bump can't commit to another branch.
 * @returns the commit's id.
 */
export async function commitBump(
  world: World,
  folder: StateFolder,
  journal: Journal,
  message: string,
): Promise<string> {
  const { git, stop } = world;
  const paths = journal.files.map(({ path }) => path);
  const env = { GIT_INDEX_FILE: folder.index, GIT_EDITOR: ':' };
  stop.check();
  await copyFile(await git.text(['rev-parse', '--path-format=absolute', '--git-path', 'index']), folder.index);
  await addPaths(git, paths, { env });
  const messageFile = join(folder.gitDir, 'COMMIT_EDITMSG');
  await writeFile(messageFile, `${message.trimEnd()}\n`);
  stop.check();
  await runHook(git, 'pre-commit', [], { env });
  stop.check();
  await runHook(git, 'prepare-commit-msg', [messageFile, 'message'], { env });
  stop.check();
  await runHook(git, 'commit-msg', [messageFile], { env });
  const text = await git.text(['stripspace'], { input: await readFile(messageFile, 'utf8') });
  if (text === '') throw new Error('the commit message is empty');

  const tree = await git.text(['write-tree'], { env });
  await proveTree(git, journal, tree);
  await proveNothingElse(git, journal, env);
  stop.check();
  const commit = await git.text([...(await signing(git)), '-p', journal.from, tree], { input: `${text}\n` });
  await proveReadBack(git, journal, commit);
  stop.check();
  // Fails when someone moved the branch meanwhile.
  await git.text(['update-ref', '-m', `commit: ${text.split('\n', 1)[0]}`, journal.branch, commit, journal.from]);
  return commit;
}

async function signing(git: Git): Promise<readonly string[]> {
  const sign = (await git.run(['config', '--type=bool', '--get', 'commit.gpgsign'])).stdout.trim() === 'true';
  return ['commit-tree', ...(sign ? ['-S'] : [])];
}

async function runHook(git: Git, name: string, args: readonly string[], options: RunOptions): Promise<void> {
  const { exitCode, stdout, stderr } = await git.run(['hook', 'run', '--ignore-missing', name, '--', ...args], options);
  if (exitCode === 0) return;
  const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-20).join('\n');
  throw new Error(`the ${name} hook refused the commit (exit ${exitCode})${said === '' ? '' : `:\n${said}`}`);
}

/** @throws unless the tree differs from the planned commit in just the edits: same files, same bytes, same modes. */
async function proveTree(git: Git, { from, files }: Journal, tree: string): Promise<void> {
  const changes = new Map((await changedPaths(git, from, tree)).map((change) => [change.path, change]));
  for (const { path, blob } of files) {
    const change = changes.get(path);
    if (change === undefined) throw new Error(`${path} would be missing in the commit`);
    const mode = change.status === 'A' ? ['100644', '100755'] : [change.oldMode];
    if (change.newBlob !== blob)
      throw new Error(`a hook changed ${path}; the commit would hold something else than was planned`);
    if (!mode.includes(change.newMode))
      throw new Error(`${path} would change its mode from ${change.oldMode} to ${change.newMode}`);
    changes.delete(path);
  }
  const [other] = changes.keys();
  if (other !== undefined) throw new Error(`the commit would hold ${other}, which is no part of the release`);
}

/**
 * @throws unless a checkout of the commit gives what was planned: what git stores is what a clean filter made of it.
 * Line ends and `$Id$` are git's own to write.
 */
async function proveReadBack(git: Git, { files }: Journal, commit: string): Promise<void> {
  const paths = files.map(({ path }) => path);
  const held = await readCheckedOutFiles(git, commit, paths);
  const bare = (text: string): string => text.replace(/\r/g, '').replace(/\$Id(?::[^$\n]*)?\$/g, '$Id$');
  for (const { path, after } of files) {
    const text = held.get(path);
    if (text === undefined || bare(text) !== bare(Buffer.from(after, 'base64').toString('utf8')))
      throw new Error(`the commit would not hold what was written to ${path}; a filter of git's attributes changes it`);
  }
}

/** @throws when the tree holds other changes than the commit will: a hook's, or a person's. */
async function proveNothingElse(git: Git, journal: Journal, env: RunOptions['env']): Promise<void> {
  const status = await git.text(['status', '--porcelain=v1', '-z', '--untracked-files=all', '--no-renames'], {
    ...(env ? { env } : {}),
  });
  const others = status
    .split('\0')
    .filter((entry) => entry !== '' && entry[1] !== ' ')
    .map((entry) => entry.slice(3));
  if (others.length > 0)
    throw new Error(
      `while release ${journal.version} was being committed, something else changed in the tree: ${others.join(', ')}`,
    );
}

/** By standard input: the paths of a large workspace are more than a command line takes. */
async function addPaths(git: Git, paths: readonly string[], options: RunOptions = {}): Promise<void> {
  const input = paths.map((path) => `${path}\0`).join('');
  await git.text(['--literal-pathspecs', 'add', '--pathspec-from-file=-', '--pathspec-file-nul'], {
    ...options,
    input,
  });
}

/** Brings the real index up to the commit, by just its files. Another git may be holding it for a moment. */
export async function followIndex(
  { git, clock }: Pick<World, 'git' | 'clock'>,
  paths: readonly string[],
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (paths.length > 0) await addPaths(git, paths);
      return;
    } catch (error) {
      if (attempt === 5 || !errorMessage(error).includes('index.lock')) throw error;
      await clock.sleep(200);
    }
  }
}
