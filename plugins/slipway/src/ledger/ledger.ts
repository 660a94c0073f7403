import type { LedgerEventBody, StoredEvent, Stream } from './events';

export interface LockInfo {
  readonly environment: string;
  /** `Name <email>`. */
  readonly holder: string;
  readonly host: string;
  readonly pid: number;
  /** What the lock is held for, e.g. `deploy 1.1.0`. */
  readonly reason: string;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly expires: string;
}

/** A lock that is held. It is fenced: it advances in the same atomic push as every event written under it. */
export interface HeldLock {
  readonly info: LockInfo;
  /**
   * Renews the expiry and proves that the lock is still held. Call before each side effect.
   * @throws {FenceLostError} when someone else took it.
   */
  check(): Promise<void>;
  /** Idempotent; never frees a lock that someone else holds by now. */
  release(): Promise<void>;
}

export interface AcquireOptions {
  readonly reason: string;
  /** Milliseconds until others may take it without asking; default 10 minutes. */
  readonly ttl?: number;
  /** Milliseconds to wait for a holder that is about to go; default 0. */
  readonly wait?: number;
  /** Release that the lock is held for; recorded when the lock is taken over from someone. */
  readonly version?: string;
}

/** The memory of every release: append-only chains of commits in git refs. State is a fold over it. */
export interface Ledger {
  /** Events of a stream, oldest first. */
  read(stream: Stream): Promise<readonly StoredEvent[]>;
  /** Fetches what others wrote. @throws {LedgerError} when the remote can't be reached. */
  refresh(): Promise<void>;
  /**
   * Appends one event by compare-and-swap, retrying on top of what others appended meanwhile.
   * With `lock`, the event and the lock's advance go out together or not at all.
   * With `unless`, called on the current events before each try: an event returned from it stands for ours (idempotence).
   */
  append(
    stream: Stream,
    body: LedgerEventBody,
    options?: { readonly lock?: HeldLock; readonly unless?: (events: readonly StoredEvent[]) => StoredEvent | null },
  ): Promise<StoredEvent>;
  /** @throws {LockHeldError} when someone else holds it. A lock of a dead process on this host, or an expired one, is taken over and the take-over recorded as `lock.taken`. */
  acquire(environment: string, options: AcquireOptions): Promise<HeldLock>;
  lock(environment: string): Promise<LockInfo | null>;
}

export class LedgerError extends Error {
  override readonly name: string = 'LedgerError';
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

export class LockHeldError extends LedgerError {
  override readonly name = 'LockHeldError';
  constructor(readonly info: LockInfo) {
    super(
      `${info.environment} is locked by ${info.holder} (process ${info.pid} on ${info.host}) since ${info.since} for ${info.reason}`,
      `wait until it is done, or until it expires at ${info.expires}`,
    );
  }
}

export class FenceLostError extends LedgerError {
  override readonly name = 'FenceLostError';
}
