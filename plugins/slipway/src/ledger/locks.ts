import { randomUUID } from 'node:crypto';
import type { Clock, World } from '../io/world';
import { backoff } from './backoff';
import type { CommitReader, CommitWriter } from './commits';
import type { EventLog } from './event-log';
import { createHeldLock, lockBusy, writeLock, type Fence } from './held-lock';
import { LedgerError, LockHeldError, type AcquireOptions, type HeldLock, type LockInfo } from './ledger';
import { lifeOf, type LockLife } from './lock-life';
import { decodeLock, describeHolder, lockInfo, type HeldRecord, type LockRecord } from './lock-record';
import type { Sightings } from './lock-sightings';
import type { Exclusive } from './mutex';
import type { ProcessIdentity } from './process-identity';
import { ledgerRef, lockRef, type RefChange, type RefStore } from './refs';
import type { Uptime } from './uptime';

export interface LocksOptions {
  readonly refs: RefStore;
  readonly reader: CommitReader;
  readonly writer: CommitWriter;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly uptime: Uptime;
  readonly sightings: Sightings;
  readonly waiting: Pick<World, 'clock' | 'log' | 'stop'>;
  readonly process: ProcessIdentity;
  /** Writes of one ledger go out one by one. */
  readonly exclusive: Exclusive;
}

export interface Locks {
  readonly exclusive: Exclusive;
  acquire(environment: string, options: AcquireOptions): Promise<HeldLock>;
  read(environment: string): Promise<LockInfo | null>;
  /** The fence behind a lock that this ledger handed out. */
  find(lock: HeldLock): Fence;
}

/** Milliseconds that a lock lasts without a beat: how long the environment stays locked when a machine is lost. */
const TTL = 2 * 60_000;
/** Milliseconds between two looks at a lock that is waited for, and between two lines that say so. */
const POLL = 1_000;
const SAY = 15_000;
const RACES = 32;
/** Milliseconds. */
const JUST_NOW = 1_000;

export function createLocks(options: LocksOptions): Locks {
  const { refs, reader, writer, log, clock, uptime, waiting, exclusive } = options;
  const fences = new WeakMap<HeldLock, Fence>();

  return {
    exclusive,
    acquire,
    async read(environment) {
      const { record } = await current(environment);
      return record?.state === 'held' ? lockInfo(record) : null;
    },
    find(lock) {
      const fence = fences.get(lock);
      if (fence !== undefined) return fence;
      throw new LedgerError(
        'the lock was not acquired from this ledger',
        'this is a defect of Slipway: please report it',
      );
    },
  };

  /** The lock as last seen. */
  async function current(
    environment: string,
  ): Promise<{ readonly commit: string | null; readonly record: LockRecord | null }> {
    const commit = refs.head(lockRef(environment));
    return { commit, record: commit === null ? null : decodeLock(commit, await reader.message(commit)) };
  }

  /** A free lock that was seen a moment ago needs no second look: the push itself says whether it still is. */
  async function look(environment: string): ReturnType<typeof current> {
    const isRecent = refs.age() < JUST_NOW;
    if (!isRecent) await refs.refresh({ interruptible: true });
    const seen = await current(environment);
    const { record } = seen;
    // Its holder may have let go since; and a server that is read while it is written may tell a lock that is free by now, and the stream before that.
    const isSettled = record?.state === 'held' ? !isRecent : await holdsLastEvent(environment, record?.head ?? null);
    if (isSettled) return seen;
    await refs.refresh({ interruptible: true });
    return current(environment);
  }

  async function holdsLastEvent(environment: string, last: string | null): Promise<boolean> {
    if (last === null || refs.head(ledgerRef(environment)) === last) return true;
    return (await log.read(environment)).some(({ commit }) => commit === last);
  }

  async function acquire(environment: string, acquireOptions: AcquireOptions): Promise<HeldLock> {
    const begun = uptime();
    const before = refs.head(lockRef(environment));
    const token = randomUUID();
    const prey = breakable(environment, acquireOptions);
    /** A lock whose time is over is watched beyond `wait`, until it turns out that its holder lives. */
    let watched: string | null = null;
    let said = Number.NEGATIVE_INFINITY;
    for (let races = 0; ;) {
      waiting.stop.check();
      const result = await attempt({ environment, token, acquireOptions, prey, before });
      if (result.kind === 'held') return result.lock;
      if (result.kind === 'raced') {
        // Each race has a winner, so this ends with someone holding it, unless the store is broken.
        if (++races > RACES) throw lockBusy(environment);
        await waiting.clock.sleep(backoff(Math.min(races, 4)));
        continue;
      }
      const { record, life } = result;
      const waited = uptime() - begun;
      const left = (acquireOptions.wait ?? 0) - waited;
      const sight = `${record.token} ${record.beat}`;
      watched ??= sight;
      const expiring = life.kind === 'expired' && watched === sight;
      if (prey !== null || (left <= 0 && !expiring))
        throw new LockHeldError(lockInfo(record), clock.now(), acquireOptions.command ?? null);
      if (waited - said >= SAY) {
        said = waited;
        waiting.log.info(
          expiring
            ? `Waiting: the lock of ${environment} has run out, but clocks may be wrong. ${describeHolder(record)} loses it unless it is renewed within ${Math.ceil(life.remaining / 1_000)} s`
            : `Waiting: ${new LockHeldError(lockInfo(record), clock.now()).message}`,
        );
      }
      await waiting.clock.sleep(Math.max(50, Math.min(POLL, expiring ? life.remaining : left)));
    }
  }

  interface Wish {
    readonly environment: string;
    readonly token: string;
    readonly acquireOptions: AcquireOptions;
    readonly prey: Prey | null;
    /** Where the lock was when it was asked for. */
    readonly before: string | null;
  }

  type Attempt =
    | { readonly kind: 'held'; readonly lock: HeldLock }
    | { readonly kind: 'raced' }
    | { readonly kind: 'busy'; readonly record: HeldRecord; readonly life: LockLife };

  /** One try. When it is stopped while the remote may have taken it, the lock is given back. */
  async function attempt(wish: Wish): Promise<Attempt> {
    try {
      return await exclusive(() => tryAcquire(wish));
    } catch (error) {
      if (waiting.stop.requested) await exclusive(() => giveBack(wish.environment, wish.token));
      throw error;
    }
  }

  async function tryAcquire({ environment, token, acquireOptions, prey, before }: Wish): Promise<Attempt> {
    const { reason, ttl = TTL, version = '' } = acquireOptions;
    const [holder, { commit, record }] = await Promise.all([writer.person(), look(environment)]);
    const now = clock.now();
    const begun = uptime();
    const changes: RefChange[] = [];
    if (record?.state === 'held' && commit !== null) {
      // An earlier try that arrived after its failure was reported.
      if (record.token === token)
        return { kind: 'held', lock: holding(record, commit, record.uptime ?? begun, ttl, false) };
      const life = await lifeOf(record, commit, now, { ...options, me: options.process });
      const abandoned = life.kind === 'abandoned' ? life.because : null;
      const stolen = abandoned === null ? (prey?.take(record.token) ?? null) : null;
      if (abandoned === null && stolen === null) return { kind: 'busy', record, life };
      // The take-over and its record go out together, so that no lock changes hands in silence.
      const body = {
        kind: 'lock.taken',
        version: version || record.version,
        from: describeHolder(record),
        reason: abandoned ?? `it was broken while it was valid until ${record.expires}`,
        ...(stolen === null ? {} : { stolen }),
      } as const;
      const event = await log.prepare(environment, await log.read(environment), { id: randomUUID(), at: now, body });
      const ref = ledgerRef(environment);
      changes.push({ ref, from: refs.head(ref), to: event.commit });
    }
    const held: HeldRecord = {
      v: 1,
      state: 'held',
      environment,
      token,
      beat: 0,
      holder,
      process: options.process,
      reason,
      version,
      since: now.toISOString(),
      expires: new Date(now.getTime() + ttl).toISOString(),
      ttl,
      uptime: begun,
    };
    const mine = await writeLock(writer, clock, held);
    changes.push({ ref: lockRef(environment), from: commit, to: mine });
    if ((await refs.move(changes, { interruptible: true })) === 'raced') return { kind: 'raced' };
    const undisturbed = commit === before && record?.state !== 'held';
    return { kind: 'held', lock: holding(held, mine, begun, ttl, undisturbed) };
  }

  async function giveBack(environment: string, token: string): Promise<void> {
    await refs.refresh();
    const { commit, record } = await current(environment);
    if (record?.state !== 'held' || record.token !== token || commit === null) return;
    await fences.get(holding(record, commit, uptime(), TTL, false))?.free();
  }

  function holding(record: HeldRecord, commit: string, begun: number, ttl: number, undisturbed: boolean): HeldLock {
    const { lock, fence } = createHeldLock(
      { refs, writer, clock, uptime, log: waiting.log, stop: waiting.stop, exclusive, current, takenBecause },
      record,
      commit,
      begun,
      ttl,
      undisturbed,
    );
    fences.set(lock, fence);
    return lock;
  }

  async function takenBecause(record: HeldRecord): Promise<string> {
    const from = describeHolder(record);
    const event = (await log.read(record.environment)).findLast(
      ({ body }) => body.kind === 'lock.taken' && body.from === from,
    );
    if (event?.body.kind !== 'lock.taken') return '';
    const { stolen, reason } = event.body;
    return ` (${event.by}: ${stolen ?? reason})`;
  }
}

/** The one lock that may be broken: the first that is met. */
interface Prey {
  /** Why it is broken; null for any other lock. */
  take(token: string): string | null;
}

function breakable(environment: string, { steal, command }: AcquireOptions): Prey | null {
  if (steal === undefined) return null;
  const reason = steal.trim();
  if (reason === '')
    throw new LedgerError(
      `the lock of ${environment} is not broken without a reason`,
      `say why: ${command === undefined ? '' : `${command} `}--steal="<reason>"`,
    );
  let met: string | null = null;
  return { take: (token) => ((met ??= token) === token ? reason : null) };
}
