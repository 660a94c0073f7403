import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../io/error-code';

/** Where a cached history belongs. */
export interface HistoryPlace {
  /** Absolute path of the git directory that all worktrees share. */
  readonly gitDir: string;
  /** Tells apart what is kept there; fit for a file's name. */
  readonly key: string;
}

/**
 * Keeps what was read of commits, which never changes. Whatever comes back is checked by the reader, so that a cache can
 * be lost, cut off or foreign without harm.
 */
export interface HistoryCache {
  /** Null where there is nothing. */
  read(place: HistoryPlace): Promise<Buffer | null>;
  /** Null for one that may be read only, as in a dry run. Later writes win; readers never see half of one. */
  readonly write: ((place: HistoryPlace, parts: readonly Uint8Array[]) => Promise<void>) | null;
}

/** Milliseconds after which a temporary file was left behind by a process that died. */
const LEFT_BEHIND = 3_600_000;

/**
 * The cache in the repository's own git directory, `slipway/history/`: out of the tree, shared by its worktrees, gone with
 * the clone. A place that can't be read or written counts as empty: a cache must not stop a release.
 */
export function repositoryCache(options: { readonly write: boolean }): HistoryCache {
  return {
    read: (place) => unlessImpossible(() => readFile(fileOf(place))),
    write: options.write
      ? async (place, parts) => {
          const file = fileOf(place);
          const temporary = `${file}.${randomUUID()}.tmp`;
          const written = await unlessImpossible(async () => {
            await mkdir(folderOf(place), { recursive: true });
            await writeFile(temporary, parts, { flag: 'wx' });
            await rename(temporary, file);
            return true;
          });
          if (written === null) await unlessImpossible(() => rm(temporary, { force: true }));
          // Someone else may tidy up as well.
          await unlessImpossible(() => removeLeftBehind(folderOf(place)));
        }
      : null,
  };
}

/** Null where the system refuses. */
async function unlessImpossible<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (errorCode(error) !== null) return null;
    throw error;
  }
}

async function removeLeftBehind(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (name.endsWith('.tmp') && Date.now() - (await stat(path)).mtimeMs > LEFT_BEHIND) await rm(path);
  }
}

function folderOf({ gitDir }: HistoryPlace): string {
  return join(gitDir, 'slipway', 'history');
}

function fileOf(place: HistoryPlace): string {
  return join(folderOf(place), `${place.key}.bin`);
}
