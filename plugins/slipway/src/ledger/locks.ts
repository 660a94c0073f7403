import { randomUUID } from 'node:crypto';
import type { Clock, World } from '../io/world';
import { backoff } from './backoff';
import type { CommitReader, CommitWriter } from './commits';
import type { EventLog } from './event-log';
import {
  FenceLostError,
  LedgerError,
  LockHeldError,
  type AcquireOptions,
  type HeldLock,
  type LockInfo,
} from './ledger';
import { abandonedBecause, decodeLock, encodeLock, lockInfo, type HeldRecord, type LockRecord } from './lock-record';
import type { Exclusive } from './mutex';
import type { ProcessIdentity } from './process-identity';
import { ledgerRef, lockRef, type RefChange, type RefStore } from './refs';

export interface LocksOptions {
  readonly refs: RefStore;
  readonly reader: CommitReader;
  readonly writer: CommitWriter;
  readonly log: EventLog;
  readonly clock: Clock;
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

/** For whoever writes under the lock, inside `exclusive`. */
export interface Fence {
  /** @throws {FenceLostError} when the lock, as last seen, is someone else's. */
  confirm(): Promise<void>;
  /** The lock's advance, to go out with an event; `accept` once it did. */
  nextBeat(): Promise<{ readonly change: RefChange; readonly accept: () => void }>;
}

const TTL = 10 * 60_000;
/** Milliseconds within which a proof of holding the lock stands; far less than any sensible ttl. */
const PROOF = 3_000;
/** Milliseconds between two looks at a lock that is waited for, and between two lines that say so. */
const POLL = 1_000;
const SAY = 15_000;
const BEAT_TRIES = 8;

export function createLocks(options: LocksOptions): Locks {
  const { refs, reader, writer, log, clock, waiting, exclusive } = options;
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

  async function acquire(environment: string, acquireOptions: AcquireOptions): Promise<HeldLock> {
    const until = waiting.clock.now().getTime() + (acquireOptions.wait ?? 0);
    const token = randomUUID();
    const prey = breakable(environment, acquireOptions);
    let said = Number.NEGATIVE_INFINITY;
    for (let attempt = 0; ;) {
      waiting.stop.check();
      const result = await exclusive(() => tryAcquire(environment, token, acquireOptions, prey));
      if (result.kind === 'held') return result.lock;
      if (result.kind === 'raced') {
        // Each race has a winner, so this ends with someone holding it, unless the store is broken.
        if (++attempt > 4 * BEAT_TRIES) throw busy(environment);
        await waiting.clock.sleep(backoff(Math.min(attempt, 4)));
        continue;
      }
      const now = waiting.clock.now().getTime();
      if (now >= until || prey !== null)
        throw new LockHeldError(result.by, clock.now(), acquireOptions.command ?? null);
      if (now - said >= SAY) {
        said = now;
        waiting.log.info(`Waiting: ${new LockHeldError(result.by, clock.now()).message}`);
      }
      await waiting.clock.sleep(Math.min(POLL, until - now));
    }
  }

  type Attempt =
    | { readonly kind: 'held'; readonly lock: HeldLock }
    | { readonly kind: 'raced' }
    | { readonly kind: 'busy'; readonly by: LockInfo };

  async function tryAcquire(
    environment: string,
    token: string,
    { reason, ttl = TTL, version = '' }: AcquireOptions,
    prey: Prey | null,
  ): Promise<Attempt> {
    await refs.refresh();
    const { commit, record } = await current(environment);
    const now = clock.now();
    const changes: RefChange[] = [];
    if (record?.state === 'held') {
      // An earlier try that arrived after its failure was reported.
      if (record.token === token && commit !== null) return { kind: 'held', lock: createHeldLock(record, commit, ttl) };
      const abandoned = abandonedBecause(record, now, options.process);
      const stolen = abandoned === null ? (prey?.take(record.token) ?? null) : null;
      if (abandoned === null && stolen === null) return { kind: 'busy', by: lockInfo(record) };
      const why = abandoned ?? `it was broken while it was valid until ${record.expires}`;
      // The take-over and its record go out together, so that no lock changes hands in silence.
      const from = describeHolder(record);
      const body = {
        kind: 'lock.taken',
        version: version || record.version,
        from,
        reason: why,
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
      holder: await writer.person(),
      process: options.process,
      reason,
      version,
      since: now.toISOString(),
      expires: new Date(now.getTime() + ttl).toISOString(),
    };
    const mine = await write(held);
    if ((await refs.move([...changes, { ref: lockRef(environment), from: commit, to: mine }])) === 'raced')
      return { kind: 'raced' };
    return { kind: 'held', lock: createHeldLock(held, mine, ttl) };
  }

  function createHeldLock(first: HeldRecord, firstCommit: string, ttl: number): HeldLock {
    const { environment, token } = first;
    const ref = lockRef(environment);
    let record = first;
    let commit = firstCommit;
    let proven = clock.now().getTime();
    let released = false;

    const fence: Fence = {
      async confirm() {
        if (released) throw new FenceLostError(`the lock of ${environment} was released`, 'run the command again');
        const seen = await current(environment);
        if (seen.commit === commit) return;
        // An advance of ours whose reply was lost.
        if (seen.record?.state === 'held' && seen.record.token === token && seen.commit !== null) {
          [commit, record] = [seen.commit, seen.record];
          return;
        }
        const by =
          seen.record?.state === 'held' ? `by ${seen.record.holder} for ${seen.record.reason}` : 'and is free now';
        throw new FenceLostError(
          `the lock of ${environment} was taken from us ${by}${await takenBecause(record)}; nothing more was written`,
          "see 'release-status' for what is under way there, then run the command again",
        );
      },
      async nextBeat() {
        const now = clock.now().getTime();
        const next = { ...record, beat: record.beat + 1, expires: new Date(now + ttl).toISOString() };
        const to = await write(next);
        return {
          change: { ref, from: commit, to },
          accept: () => {
            [record, commit, proven] = [next, to, now];
          },
        };
      },
    };

    /** Moves the lock on with `prepare`, again and again until it is done or lost. */
    const advance = async (prepare: () => Promise<{ readonly change: RefChange; readonly accept: () => void }>) => {
      for (let attempt = 1; attempt <= BEAT_TRIES; attempt++) {
        await fence.confirm();
        const { change, accept } = await prepare();
        if ((await refs.move([change])) === 'done') return accept();
        await clock.sleep(backoff(Math.min(attempt, 4)));
      }
      throw busy(environment);
    };

    const lock: HeldLock = {
      get info() {
        return lockInfo(record);
      },
      check: () =>
        exclusive(async () => {
          if (!released && clock.now().getTime() - proven < PROOF) return;
          await advance(() => fence.nextBeat());
        }),
      release: () =>
        exclusive(async () => {
          if (released) return;
          try {
            await advance(async () => ({
              change: { ref, from: commit, to: await write({ v: 1, state: 'free', environment, token }) },
              accept: () => undefined,
            }));
          } catch (error) {
            // Someone else's by now: theirs to free.
            if (!(error instanceof FenceLostError)) throw error;
          }
          released = true;
        }),
    };
    fences.set(lock, fence);
    return lock;
  }

  /** What was recorded when the lock was taken from its holder. */
  async function takenBecause(record: HeldRecord): Promise<string> {
    const from = describeHolder(record);
    const event = (await log.read(record.environment)).findLast(
      ({ body }) => body.kind === 'lock.taken' && body.from === from,
    );
    if (event?.body.kind !== 'lock.taken') return '';
    const { stolen, reason } = event.body;
    return ` (${event.by}: ${stolen ?? reason})`;
  }

  function write(record: LockRecord): Promise<string> {
    return writer.write(encodeLock(record), { parent: null, at: clock.now(), signed: false });
  }
}

function describeHolder({ holder, process, reason }: HeldRecord): string {
  return `${holder} (process ${process.pid} on ${process.host}, for ${reason})`;
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
      `say why: ${command ?? ''} --steal="<reason>"`,
    );
  let met: string | null = null;
  return { take: (token) => ((met ??= token) === token ? reason : null) };
}

function busy(environment: string): LedgerError {
  return new LedgerError(
    `the lock of ${environment} could not be moved: others keep changing the ledger`,
    'run the command again when they are done',
  );
}
