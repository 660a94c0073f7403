import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { errorCode } from '../io/error-code';
import type { Git } from '../io/git';
import type { Uptime } from './uptime';

/** When each lock was first seen as it stands now, by this machine's own uptime. */
export interface Sightings {
  /** Uptime at which the lock of `environment` was first seen at `commit`; now, where it was not seen there before. */
  firstSeen(environment: string, commit: string): Promise<number>;
}

const schema = z.object({
  boot: z.string(),
  locks: z.record(z.string(), z.object({ commit: z.string(), at: z.number() })),
});
type Seen = z.infer<typeof schema>;

/**
 * Kept in a file of the repository (`slipway/lock-sightings.json` in git's own folder), so that a command that is run again goes on from
 * where the one before stopped. Where the system does not tell one boot from another, only this process remembers.
 *
 * @param boot id of this boot of the machine: what was seen before it started says nothing, uptimes begin anew.
 */
export function createSightings(git: Pick<Git, 'root' | 'text'>, uptime: Uptime, boot: string | null): Sightings {
  const mine = new Map<string, { readonly commit: string; readonly at: number }>();
  let file: Promise<string> | null = null;
  const path = () =>
    (file ??= git
      .text(['rev-parse', '--git-common-dir'])
      .then((folder) => resolve(git.root, folder, 'slipway/lock-sightings.json')));

  return {
    async firstSeen(environment, commit) {
      const now = uptime();
      const known = mine.get(environment);
      if (known?.commit === commit) return known.at;
      const stored = boot === null ? null : await read(await path());
      const before = stored !== null && stored.boot === boot ? stored.locks : {};
      const entry = before[environment];
      const seen = entry?.commit === commit && entry.at <= now ? entry : { commit, at: now };
      mine.set(environment, seen);
      if (boot !== null && seen !== entry)
        await write(await path(), { boot, locks: { ...before, [environment]: seen } });
      return seen.at;
    },
  };
}

async function read(path: string): Promise<Seen | null> {
  try {
    return schema.safeParse(JSON.parse(await readFile(path, 'utf8'))).data ?? null;
  } catch (error) {
    // Whatever it held, watching begins anew: later than it might, never too early.
    if (errorCode(error) === 'ENOENT' || (error as { name?: unknown }).name === 'SyntaxError') return null;
    throw error;
  }
}

async function write(path: string, seen: Seen): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(draft, `${JSON.stringify(seen)}\n`);
  await rename(draft, path);
}
