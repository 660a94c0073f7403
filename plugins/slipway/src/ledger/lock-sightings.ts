import { resolve } from 'node:path';
import { z } from 'zod';
import type { Git } from '../io/git';
import { readTextIfThere } from '../io/read-if-there';
import { writeAtomically } from '../io/write-atomically';
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
        await writeAtomically(await path(), `${JSON.stringify({ boot, locks: { ...before, [environment]: seen } })}\n`);
      return seen.at;
    },
  };
}

/** Whatever else it holds, watching begins anew: later than it might, never too early. */
async function read(path: string): Promise<Seen | null> {
  const text = await readTextIfThere(path);
  if (text === null) return null;
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
