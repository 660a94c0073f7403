import { errorMessage } from '../io/error-message';
import type { Clock, Log, Stop } from '../io/world';
import { backoff } from './backoff';
import type { CommitWriter } from './commits';
import { FenceLostError, LedgerError, type HeldLock } from './ledger';
import { encodeLock, lockInfo, type HeldRecord, type LockRecord } from './lock-record';
import type { Exclusive } from './mutex';
import { ledgerRef, lockRef, type RefAccess, type RefChange, type RefStore } from './refs';
import type { Uptime } from './uptime';

/** For whoever writes under the lock, inside `exclusive`. */
export interface Fence {
  /** @throws {FenceLostError} when the lock, as last seen, is someone else's. */
  confirm(): Promise<void>;
  /** The lock's advance, to go out with an event; `accept` once it did. */
  nextBeat(): Promise<Advance>;
  /** The same, which frees it. @param head the event that goes out with it */
  lastBeat(head?: string): Promise<Advance>;
  /** Frees it by itself. */
  free(): Promise<void>;
}

export interface Advance {
  readonly change: RefChange;
  readonly accept: () => void;
}

export interface HeldLockOptions {
  readonly refs: RefStore;
  readonly writer: CommitWriter;
  readonly clock: Clock;
  readonly uptime: Uptime;
  readonly log: Log;
  readonly stop: Stop;
  readonly exclusive: Exclusive;
  /** The lock as last seen. */
  current(environment: string): Promise<{ readonly commit: string | null; readonly record: LockRecord | null }>;
  /** Who took it from its holder and why, as part of a sentence; empty where nothing was recorded. */
  takenBecause(record: HeldRecord): Promise<string>;
}

/** Milliseconds within which a proof of holding the lock stands; far less than any sensible ttl. */
const PROOF = 3_000;
const BEAT_TRIES = 32;

/**
 * A lock that this process holds, moved on in the background every quarter of its `ttl`, so that it ends soon after its holder does.
 * @param first as it was taken, at `firstCommit`, by a push that began at the uptime `begun`.
 * @param undisturbed see {@link HeldLock.undisturbed}
 */
export function createHeldLock(
  options: HeldLockOptions,
  first: HeldRecord,
  firstCommit: string,
  begun: number,
  ttl: number,
  undisturbed: boolean,
): { readonly lock: HeldLock; readonly fence: Fence } {
  const { refs, writer, clock, uptime, log, stop, exclusive } = options;
  const { environment, token } = first;
  const ref = lockRef(environment);
  let record = first;
  let commit = firstCommit;
  let proven = begun;
  let released = false;
  let lost: FenceLostError | null = null;
  let warned = false;

  const fence: Fence = {
    async confirm() {
      if (lost !== null) throw lost;
      if (released) throw new FenceLostError(`the lock of ${environment} was released`, 'run the command again');
      if (refs.head(ref) === commit) return;
      const seen = await options.current(environment);
      // An advance of ours whose reply was lost.
      if (seen.record?.token === token && seen.commit !== null) {
        commit = seen.commit;
        if (seen.record.state === 'held') record = seen.record;
        else end();
        return;
      }
      const by =
        seen.record?.state === 'held' ? `by ${seen.record.holder} for ${seen.record.reason}` : 'and is free now';
      lost = new FenceLostError(
        `the lock of ${environment} was taken from us ${by}${await options.takenBecause(record)}; nothing more was written`,
        "see 'release-status' for what is under way there, then run the command again",
      );
      clearInterval(timer);
      throw lost;
    },
    async nextBeat() {
      const [now, at] = [clock.now().getTime(), uptime()];
      const expires = new Date(now + ttl).toISOString();
      const next: HeldRecord = { ...record, beat: record.beat + 1, expires, ttl, uptime: at };
      const to = await writeLock(writer, clock, next);
      return {
        change: { ref, from: commit, to },
        accept: () => {
          [record, commit, proven, warned] = [next, to, at, false];
        },
      };
    },
    async lastBeat(head) {
      const free = {
        v: 1,
        state: 'free',
        environment,
        token,
        head: head ?? refs.head(ledgerRef(environment)),
      } as const;
      const to = await writeLock(writer, clock, free);
      return { change: { ref, from: commit, to }, accept: end };
    },
    async free() {
      if (released) return;
      try {
        await advance(() => fence.lastBeat());
      } catch (error) {
        // Someone else's by now: theirs to free. Also when an earlier try had freed it.
        if (!(error instanceof FenceLostError)) throw error;
      }
      end();
    },
  };

  // What was being done may take long; nobody else may act meanwhile.
  const timer = setInterval(() => void beat(), Math.max(1, Math.floor(ttl / 4)));
  timer.unref();
  // Last words must not wait behind a beat.
  stop.signal.addEventListener('abort', () => clearInterval(timer), { once: true });

  const lock: HeldLock = {
    get info() {
      return lockInfo(record);
    },
    undisturbed,
    async check() {
      if (lost !== null) throw lost;
      await exclusive(async () => {
        if (!released && lost === null && uptime() - proven < PROOF) return;
        await advance(() => fence.nextBeat(), { interruptible: true });
      });
    },
    release: () => exclusive(() => fence.free()),
  };
  return { lock, fence };

  function end(): void {
    released = true;
    clearInterval(timer);
  }

  /** Moves the lock on with `prepare`, again and again until it is done or lost. */
  async function advance(prepare: () => Promise<Advance>, access?: RefAccess): Promise<void> {
    for (let attempt = 1; attempt <= BEAT_TRIES; attempt++) {
      await fence.confirm();
      const { change, accept } = await prepare();
      if ((await refs.move([change], access)) === 'done') return accept();
      await clock.sleep(backoff(Math.min(attempt, 4)));
    }
    throw lockBusy(environment);
  }

  async function beat(): Promise<void> {
    try {
      await exclusive(async () => {
        // Events and checks move it on as well.
        if (released || lost !== null || uptime() - proven < ttl / 8) return;
        await advance(() => fence.nextBeat(), { interruptible: true });
      });
    } catch (error) {
      if (stop.requested) return;
      // Remembered as well: nothing more is done under it.
      if (error instanceof FenceLostError) return log.warn(capitalised(error.message));
      if (warned) return;
      warned = true;
      const left = Math.max(0, Math.round((ttl - (uptime() - proven)) / 1_000));
      log.warn(
        `The lock of ${environment} could not be renewed (${errorMessage(error)}): trying on; others may take it in ${left} s`,
      );
    }
  }
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

export function writeLock(writer: CommitWriter, clock: Clock, record: LockRecord): Promise<string> {
  return writer.write(encodeLock(record), { parents: [], at: clock.now(), signed: false });
}

export function lockBusy(environment: string): LedgerError {
  return new LedgerError(
    `the lock of ${environment} could not be moved: others keep changing the ledger`,
    'run the command again when they are done',
  );
}
