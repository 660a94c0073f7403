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

/**
 * A lock that is held. It is fenced: it advances in the same atomic push as every event written under it. It is renewed in the
 * background until it is released, lost, or the step is being stopped.
 */
export interface HeldLock {
  readonly info: LockInfo;
  /** Whether nobody had it since the ledger was read before it was asked for: what was looked at meanwhile counts as looked at under it. */
  readonly undisturbed: boolean;
  /**
   * Renews it and proves that it is still held. Call before each side effect.
   * @throws {FenceLostError} when someone else took it.
   * @throws {RunError} `stopped`, when the step is being stopped meanwhile.
   */
  check(): Promise<void>;
  /** Idempotent; never frees a lock that someone else holds by now. */
  release(): Promise<void>;
}

export interface AcquireOptions {
  readonly reason: string;
  /**
   * Milliseconds that it lasts without a sign of life; default 2 minutes. While its process lives it is renewed in the background, so
   * this says nothing about how long the work may take.
   */
  readonly ttl?: number;
  /** Milliseconds to wait for a holder that is about to go; default 0. */
  readonly wait?: number;
  /** Release that the lock is held for; recorded when the lock is taken over from someone. */
  readonly version?: string;
  /**
   * Breaks the lock that is held, although it is valid: why, in a person's words; recorded. Only the lock that is met first is broken, not
   * that of someone who was quicker. An empty reason is refused.
   */
  readonly steal?: string;
  /** What the person runs, for the remedy of a refusal: without `--steal`, e.g. `npx nx release-deploy platform --env=prod`. */
  readonly command?: string;
}

export interface AppendOptions {
  readonly lock?: HeldLock;
  readonly unless?: (events: readonly StoredEvent[]) => StoredEvent | null;
  /**
   * Frees `lock` in the same push: for the last word of a step that is being stopped, which may have no time for two. Releasing it
   * afterwards does no harm.
   */
  readonly release?: boolean;
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
  append(stream: Stream, body: LedgerEventBody, options?: AppendOptions): Promise<StoredEvent>;
  /**
   * @throws {LockHeldError} when someone else holds it. A lock of a dead process on this machine, or one that nobody renews any more, is
   * taken over; each take-over is recorded as `lock.taken`, in the same push.
   */
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
  /**
   * @param now tells how long ago it was taken; null: not told.
   * @param command that would break it with `--steal` added; null: none is named.
   */
  constructor(
    readonly info: LockInfo,
    now: Date | null = null,
    command: string | null = null,
  ) {
    const ago = now === null ? '' : ` (${span(now.getTime() - Date.parse(info.since))} ago)`;
    const steal = command === null ? '' : `, or break it: ${command} --steal="<reason>"`;
    super(
      `${info.environment} is locked by ${info.holder} (process ${info.pid} on ${info.host}) since ${info.since}${ago} for ${info.reason}`,
      `wait until it is done; it is held until ${info.expires}, longer while its holder lives${steal}`,
    );
  }
}

export class FenceLostError extends LedgerError {
  override readonly name = 'FenceLostError';
}

/** A stretch of time for a person, e.g. `3 min`. */
function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3_600) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}
