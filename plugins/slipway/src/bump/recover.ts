import type { World } from '../io/world';
import { blobIds } from './commit-files';
import { followIndex } from './commit';
import { firstCommit } from './find-bump';
import { readJournal, removeJournal, type Journal } from './journal';
import { acquireLock } from './lock';
import { restore } from './restore';
import { readIfThere, stateFolder, type StateFolder } from './state-folder';
import { stateOf, sweep } from './tree-files';

/**
 * `nothing` to recover; `restored` as it was before the bump; `finished`, because its commit existed already;
 * or `abandoned`, because someone has moved HEAD on since: then the files are theirs, and stay.
 */
export type Recovery = 'nothing' | 'restored' | 'finished' | 'abandoned';

/**
 * Clears up after a bump that was killed, or whose machine went down.
 * @throws {BumpRefused} while the process that bumps still lives.
 */
export async function recoverBump(world: World): Promise<Recovery> {
  const folder = await stateFolder(world.git);
  // Without a journal nothing was changed; a lock alone is for the next bump to take over.
  if ((await readIfThere(folder.journal)) === null) return 'nothing';
  const lock = await acquireLock(folder);
  try {
    return await recoverUnderLock(world, folder);
  } finally {
    await lock.release();
  }
}

export async function recoverUnderLock(world: World, folder: StateFolder): Promise<Recovery> {
  const journal = await readJournal(folder);
  if (journal === null) return 'nothing';
  world.stop.check();
  if (await isCommitted(world, journal)) {
    await finish(world, folder, journal);
    world.log.info(`A bump of ${journal.version} had been cut off after its commit; it is finished now.`);
    return 'finished';
  }
  const recovery = await restore(world, folder, journal, { careful: true });
  if (recovery === 'restored') {
    world.log.info(`A bump of ${journal.version} had been cut off; everything is as it was before it.`);
  }
  return recovery;
}

/** Whether the release branch has the bump's commit, with just the contents that it was to have. */
async function isCommitted({ git }: World, journal: Journal): Promise<boolean> {
  const commit = await firstCommit(git, journal.branch, journal.from);
  if (typeof commit === 'object') return false;
  const ids = await blobIds(
    git,
    commit,
    journal.files.map(({ path }) => path),
  );
  return journal.files.every(({ path, blob }) => ids.get(path) === blob);
}

async function finish(world: World, folder: StateFolder, journal: Journal): Promise<void> {
  const head = (await world.git.run(['symbolic-ref', '-q', 'HEAD'])).stdout.trim();
  // Someone who switched to another branch since has left the bump behind: tree and index are theirs.
  if (head === journal.branch) {
    const ours: string[] = [];
    for (const file of journal.files) if ((await stateOf(world.root, file)) === 'after') ours.push(file.path);
    await followIndex(world, ours);
  }
  await sweep(world.root, journal);
  await removeJournal(folder);
}
