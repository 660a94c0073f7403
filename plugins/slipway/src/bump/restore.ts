import { open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { World } from '../io/world';
import { removeJournal, type Journal } from './journal';
import { resolveCommit } from './preconditions';
import { makeFolder, readIfThere, unless, writeDurably, type StateFolder } from './state-folder';
import { stateOf, sweep, takeBack } from './tree-files';

export interface RestoreOptions {
  /** The bump's commit, where the branch has moved to it already. */
  readonly commit?: string;
  /** The real index as it was; given by the process that changed it. */
  readonly index?: Buffer;
  /** Whether someone else may have worked in the tree since: then nothing of theirs is lost. */
  readonly careful: boolean;
}

/**
 * Undoes a bump: branch, files, HEAD, index, in an order that can be cut anywhere and started anew.
 * The journal goes last.
 * @returns `abandoned` when HEAD has moved on since: then the files are someone else's, and stay.
 */
export async function restore(
  world: World,
  folder: StateFolder,
  journal: Journal,
  options: RestoreOptions,
): Promise<'restored' | 'abandoned'> {
  // A stop is no reason to leave things half undone.
  const { git } = world.finishing ?? world;
  // First of all the commit leaves the branch: from then on a cut ends in restoring, never in finishing.
  if (options.commit !== undefined && (await resolveCommit(git, journal.branch)) === options.commit) {
    await git.text(['update-ref', '-m', 'bump: undone', journal.branch, journal.from, options.commit]);
  }
  const headRef = (await git.run(['symbolic-ref', '-q', 'HEAD'])).stdout.trim();
  const stayed =
    [journal.head, journal.branch].includes(headRef) && (await resolveCommit(git, 'HEAD')) === journal.from;
  if (stayed) {
    await restoreFiles(world, folder, journal, options.careful);
    if (headRef !== journal.head) await git.text(['symbolic-ref', 'HEAD', journal.head]);
  } else {
    world.log.warn(`HEAD has moved since the bump of ${journal.version} was cut off; files are left as they are`);
  }
  await sweep(world.root, journal);
  const unused = journal.creates && (stayed || headRef !== journal.branch);
  if (unused && (await resolveCommit(git, journal.branch)) === journal.from) {
    await git.text(['update-ref', '-d', journal.branch, journal.from]);
  }
  if (options.index !== undefined) await restoreIndex(world, options.index);
  await removeJournal(folder);
  return stayed ? 'restored' : 'abandoned';
}

async function restoreFiles(
  { root, log }: World,
  folder: StateFolder,
  journal: Journal,
  careful: boolean,
): Promise<void> {
  for (const file of journal.files) {
    const state = await stateOf(root, file);
    if (state === 'before') continue;
    const content = state === 'other' && careful ? await readIfThere(join(root, file.path)) : null;
    if (content !== null) {
      const kept = join(folder.gitDir, 'slipway-kept', journal.id, file.path);
      await makeFolder(dirname(kept));
      await writeDurably(kept, content, `${kept}.tmp`);
      log.warn(`${file.path} was changed after the bump was cut off; that version is kept as ${kept}`);
    }
    await takeBack(root, journal, file);
  }
}

/** By git's own protocol: whoever makes `index.lock` may write, and a rename puts it in place. */
async function restoreIndex(world: World, content: Buffer): Promise<void> {
  const { git, clock } = world.finishing ?? world;
  const path = await git.text(['rev-parse', '--path-format=absolute', '--git-path', 'index']);
  if ((await readIfThere(path))?.equals(content)) return;
  for (let attempt = 1; ; attempt += 1) {
    const file = await unless(['EEXIST'], open(`${path}.lock`, 'wx', 0o644));
    if (file !== null) {
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(`${path}.lock`, path);
      return;
    }
    if (attempt === 10) throw new Error(`${path}.lock is held by another git`);
    await clock.sleep(200);
  }
}
