import { randomUUID } from 'node:crypto';
import { closest } from '../config/suggest';
import type { World } from '../io/world';
import { backoff } from './backoff';
import { createCommitReader, createCommitWriter } from './commits';
import { createEventLog } from './event-log';
import type { StoredEvent } from './events';
import { LedgerError, type HeldLock, type Ledger } from './ledger';
import { createLedgerGit } from './ledger-git';
import { createLocalRefs } from './local-refs';
import { createLocks } from './locks';
import { createMutex } from './mutex';
import { currentProcess, type ProcessIdentity } from './process-identity';
import { ledgerRef, type RefStore } from './refs';
import { createRemoteRefs } from './remote-refs';

/** What the ledger touches. It works on while the step is being stopped, with `finishing`, so that the outcome is written. */
export type LedgerWorld = Pick<World, 'git' | 'clock' | 'stop' | 'log' | 'finishing'>;

export interface LedgerOptions {
  /** Name of the git remote that a team shares. Where the repository has no such remote, the ledger is local. */
  readonly remote: string;
  /** Refuses where the repository has no such remote, instead of keeping a ledger that only this clone sees. Default: false. */
  readonly required?: boolean;
  /** For dry runs: no ref is written, here or there, and `append` and `acquire` are refused. Default: false. */
  readonly readOnly?: boolean;
  /** Milliseconds for one fetch or push; default 60 s. */
  readonly timeout?: number;
  /** The process that locks are held by; default: this one. */
  readonly process?: ProcessIdentity;
}

const APPEND_TRIES = 40;

/**
 * Opens the ledger and reads its refs.
 * @throws {LedgerError} when the remote exists and can't be reached: what others can't see must not count; and when a required one does
 * not exist.
 */
export async function openLedger(world: LedgerWorld, options: LedgerOptions): Promise<Ledger> {
  const clock = world.finishing?.clock ?? world.clock;
  const git = createLedgerGit(world.finishing?.git ?? world.git);
  const { remote, timeout = 60_000, readOnly = false } = options;
  const remotes = (await git.text(['remote'])).split('\n');
  if (options.required === true && !remotes.includes(remote)) {
    const known = remotes.filter((name) => name !== '');
    const meant = closest(remote, known);
    const have = known.length > 0 ? `there is ${known.join(', ')}` : 'there is none';
    throw new LedgerError(
      `release.remote in slipway.json names ${remote}, a remote that this repository does not have (${have})`,
      `${meant === null ? 'correct the name' : `write ${meant}`} in slipway.json, or add the remote: git remote add ${remote} <url>`,
    );
  }
  const store = remotes.includes(remote)
    ? createRemoteRefs({ git, clock, remote, timeout, readOnly })
    : createLocalRefs(git);
  const refs = readOnly ? withoutWriting(store) : store;
  const reader = createCommitReader(git);
  const writer = createCommitWriter(git);
  const log = createEventLog(refs, reader, writer);
  const locks = createLocks({
    refs,
    reader,
    writer,
    log,
    clock,
    // Waiting ends at once when the step is being stopped.
    waiting: { clock: world.clock, log: world.log, stop: world.stop },
    process: options.process ?? currentProcess(),
    exclusive: createMutex(),
  });
  await refs.refresh();

  return {
    read: (stream) => log.read(stream),
    refresh: () => refs.refresh(),
    append: (stream, body, { lock, unless } = {}) =>
      locks.exclusive(async () => {
        const ref = ledgerRef(stream);
        const held = lock === undefined ? null : locks.find(lock);
        const id = randomUUID();
        for (let attempt = 1; attempt <= APPEND_TRIES; attempt++) {
          const events = await log.read(stream);
          // An earlier try may have arrived late, after its failure was reported.
          const mine = events.find((event) => event.id === id);
          if (mine !== undefined) return mine;
          if (held !== null) await held.confirm();
          const standing = unless?.(events) ?? null;
          if (standing !== null) return standing;
          const event = await log.prepare(stream, events, { id, at: clock.now(), body });
          const beat = held === null ? null : await held.nextBeat();
          const moved = await refs.move([
            { ref, from: refs.head(ref), to: event.commit },
            ...(beat === null ? [] : [beat.change]),
          ]);
          if (moved === 'done') {
            beat?.accept();
            return (await log.read(stream)).find((stored) => stored.id === id) ?? notThere(event);
          }
          await clock.sleep(backoff(Math.min(attempt, 4)));
        }
        throw new LedgerError(
          `the ledger's stream '${stream}' is too busy: ${APPEND_TRIES} tries to append to it lost to others`,
          'run the command again when they are done',
        );
      }),
    acquire: (environment, acquireOptions): Promise<HeldLock> => locks.acquire(environment, acquireOptions),
    lock: (environment) => locks.read(environment),
  };
}

function withoutWriting(store: RefStore): RefStore {
  return {
    refresh: () => store.refresh(),
    head: (ref) => store.head(ref),
    move: () =>
      Promise.reject(new LedgerError('the ledger was opened for reading only', 'run the command without --dry-run')),
  };
}

function notThere(event: StoredEvent): never {
  throw new LedgerError(
    `the ledger took event ${event.commit}, but it is not in its history`,
    "check the repository with 'git fsck'",
  );
}
