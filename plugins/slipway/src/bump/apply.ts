import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { errorMessage } from '../io/error-message';
import { StoppedError, type World } from '../io/world';
import { commitBump, followIndex } from './commit';
import { BumpFailed, BumpRefused } from './errors';
import { makeJournal, removeJournal, writeJournal, type Journal } from './journal';
import { acquireLock } from './lock';
import { dirtyPaths, inspectBump, type BumpRequest } from './preconditions';
import { recoverUnderLock } from './recover';
import { restore } from './restore';
import { several } from './several';
import { stateFolder, type StateFolder } from './state-folder';
import { putFile } from './tree-files';

export interface AppliedBump {
  /** Id of the bump's commit on the release branch. */
  readonly commit: string;
  /** Whether an earlier run had made it. */
  readonly already: boolean;
}

/**
 * Applies a plan in one transaction: release branch, files, one commit. Afterwards HEAD is on the release branch and the tree is clean.
 * When any step fails, tree, index, HEAD and branches are as before, byte for byte; killed at any point, the next run restores or finishes.
 * @throws {BumpRefused} before anything is written, with every reason.
 * @throws {BumpFailed} after everything was put back, or with `restored: false` and what to do.
 */
export async function applyBump(world: World, request: BumpRequest): Promise<AppliedBump> {
  world.stop.check();
  const folder = await stateFolder(world.git);
  const lock = await acquireLock(folder);
  try {
    await recoverUnderLock(world, folder);
    const ground = await inspectBump(world, request);
    if (ground.bumped !== null && ground.head === branchRef(request)) {
      const refusals = ground.refusals.filter(({ id }) => id !== 'treeClean');
      if (refusals.length > 0) throw new BumpRefused(refusals);
      return { commit: ground.bumped, already: true };
    }
    if (ground.refusals.length > 0 || ground.head === null) throw new BumpRefused(ground.refusals);
    if (ground.bumped !== null) {
      world.stop.check();
      await world.git.text(['switch', '--quiet', '--no-guess', request.plan.branch]);
      return { commit: ground.bumped, already: true };
    }
    const journal = await makeJournal(world.git, world.root, {
      id: randomUUID(),
      owner: lock.owner,
      plan: request.plan,
      head: ground.head,
      branch: branchRef(request),
      creates: !ground.branchExists,
      edits: request.edits,
    });
    if (journal.files.length === 0)
      throw new Error(`release ${request.plan.version} changes no file; a bump without a change can't be`);
    return { commit: await transact(world, folder, journal, request.message), already: false };
  } finally {
    await lock.release();
  }
}

async function transact(world: World, folder: StateFolder, journal: Journal, message: string): Promise<string> {
  const { git, stop } = world;
  const index = await readFile(await git.text(['rev-parse', '--path-format=absolute', '--git-path', 'index']));
  let commit: string | undefined;
  try {
    stop.check();
    await writeJournal(folder, journal);
    stop.check();
    // All zeros: it must not exist.
    if (journal.creates) await git.text(['update-ref', journal.branch, journal.from, '0'.repeat(journal.from.length)]);
    stop.check();
    await git.text(['symbolic-ref', 'HEAD', journal.branch]);
    await several(journal.files, (file) => {
      stop.check();
      return putFile(world.root, journal, file);
    });
    commit = await commitBump(world, folder, journal, message);
    stop.check();
    await followIndex(
      world,
      journal.files.map(({ path }) => path),
    );
    const dirty = await dirtyPaths(git);
    if (dirty.length > 0) throw new Error(`the tree is not clean after the commit: ${dirty.join(', ')}`);
    stop.check();
    await removeJournal(folder);
    return commit;
  } catch (error) {
    throw await undo(world, folder, journal, { error, index, commit });
  }
}

interface Failure {
  readonly error: unknown;
  readonly index: Buffer;
  readonly commit: string | undefined;
}

async function undo(
  world: World,
  folder: StateFolder,
  journal: Journal,
  { error, index, commit }: Failure,
): Promise<BumpFailed> {
  const why = error instanceof StoppedError ? `the bump was stopped (${error.message})` : errorMessage(error);
  try {
    await restore(world, folder, journal, { index, careful: false, ...(commit === undefined ? {} : { commit }) });
    const dirty = await dirtyPaths((world.finishing ?? world).git);
    if (dirty.length === 0) return new BumpFailed(why, true, 'mend the cause and run the bump again', { cause: error });
    // Not ours: a hook made them, or a person. Nobody's work is thrown away.
    const message = `${why}; what the bump wrote is undone, but something else changed meanwhile: ${dirty.join(', ')}`;
    return new BumpFailed(message, false, 'look with git status, and keep or drop these changes', { cause: error });
  } catch (second) {
    const message = `${why}; and putting everything back failed: ${errorMessage(second)}`;
    return new BumpFailed(
      message,
      false,
      'mend the cause and run the bump again: it first puts back what was cut off',
      { cause: error },
    );
  }
}

function branchRef({ plan }: BumpRequest): string {
  return `refs/heads/${plan.branch}`;
}
