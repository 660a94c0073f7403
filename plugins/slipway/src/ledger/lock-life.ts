import type { Sightings } from './lock-sightings';
import type { HeldRecord } from './lock-record';
import { isKnownDead, type ProcessIdentity } from './process-identity';
import type { Uptime } from './uptime';

/** Whether the holder of a lock may still be alive. */
export type LockLife =
  | { readonly kind: 'held' }
  /** May be taken from its holder, who can't know it any better. */
  | { readonly kind: 'abandoned'; readonly because: string }
  /** Its time is over by the time of day here, but whose clock is right? It may be taken when `remaining` ms pass without a beat. */
  | { readonly kind: 'expired'; readonly remaining: number };

export interface LockLifeOptions {
  readonly me: ProcessIdentity;
  readonly uptime: Uptime;
  readonly sightings: Sightings;
}

/**
 * Judges a lock that someone holds. A holder that lives moves it on every quarter of its `ttl`, so one that did not move for a whole
 * `ttl` has no holder. That time is measured by one clock that nobody sets: the machine's uptime, which its holder wrote down where both
 * are on one machine, and which is counted from when the lock was first seen here where they are not. Times of day of two hosts are
 * never compared for that: a wrong clock would end a lock that is held.
 */
export async function lifeOf(
  record: HeldRecord,
  commit: string,
  now: Date,
  { me, uptime, sightings }: LockLifeOptions,
): Promise<LockLife> {
  const { process, expires, ttl } = record;
  // Where systems don't tell their boots apart, two machines of one name would take each other's processes for gone.
  if (process.boot !== null && isKnownDead(process, me))
    return { kind: 'abandoned', because: `process ${process.pid} on ${process.host} is gone` };
  const expired = Date.parse(expires) <= now.getTime();
  // Slipway before 0.2 moved its locks on when it checked them only: the time that it wrote is all there is.
  if (ttl === undefined) return expired ? { kind: 'abandoned', because: `it expired at ${expires}` } : { kind: 'held' };
  const near = record.uptime !== undefined && process.boot !== null && process.boot === me.boot;
  const since = near ? (record.uptime ?? 0) : await sightings.firstSeen(record.environment, commit);
  const remaining = ttl - (uptime() - since);
  if (remaining <= 0)
    return {
      kind: 'abandoned',
      because: `it was not renewed for ${Math.round((uptime() - since) / 1_000)} s and had to be every ${Math.round(ttl / 1_000)} s`,
    };
  return !near && expired ? { kind: 'expired', remaining } : { kind: 'held' };
}
