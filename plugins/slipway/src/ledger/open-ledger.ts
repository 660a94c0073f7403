import { randomUUID } from 'node:crypto';
import { closest } from '../config/suggest';
import type { World } from '../io/world';
import { backoff } from './backoff';
import { createBranchLayout } from './branch-layout';
import { createCommitReader, createCommitWriter } from './commits';
import { createEventLog } from './event-log';
import type { LedgerEventBody, StoredEvent, Stream } from './events';
import type { Fence } from './held-lock';
import { LedgerError, type AppendOptions, type HeldLock, type Ledger } from './ledger';
import { createLedgerGit, type LedgerGit } from './ledger-git';
import { createLocalRefs } from './local-refs';
import { createSightings } from './lock-sightings';
import { createLocks } from './locks';
import { createMutex } from './mutex';
import { currentProcess, type ProcessIdentity } from './process-identity';
import { ledgerRef, type RefStore } from './refs';
import { createRefsLayout } from './refs-layout';
import { createRemoteRefs } from './remote-refs';
import { createTurns } from './turns';
import { sinceBoot, type Uptime } from './uptime';

/** What the ledger touches. It works on while the step is being stopped, with `finishing`, so that the outcome is written. */
export type LedgerWorld = Pick<World, 'git' | 'clock' | 'stop' | 'log' | 'finishing'>;

export interface LedgerOptions {
  /** Name of the git remote that a team shares. Where the repository has no such remote, the ledger is local. */
  readonly remote: string;
  /** How it lies on the remote: as refs of its own (default), or in the branch slipway/ledger. */
  readonly store?: 'refs' | 'branch';
  /** Refuses where the repository has no such remote, instead of keeping a ledger that only this clone sees. Default: false. */
  readonly required?: boolean;
  /** For dry runs: no ref is written, here or there, and `append` and `acquire` are refused. Default: false. */
  readonly readOnly?: boolean;
  /** Milliseconds for one fetch or push; default 60 s. */
  readonly timeout?: number;
  /** The process that locks are held by; default: this one. */
  readonly process?: ProcessIdentity;
  /** Default: this machine's. */
  readonly uptime?: Uptime;
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
  const interruptible = createLedgerGit(world.git);
  const { remote, timeout = 60_000, readOnly = false } = options;
  const remotes = await readRemotes(git);
  if (options.required === true && !remotes.has(remote)) {
    const known = [...remotes.keys()];
    const meant = closest(remote, known);
    const have = known.length > 0 ? `there is ${known.join(', ')}` : 'there is none';
    throw new LedgerError(
      `release.remote in slipway.json names ${remote}, a remote that this repository does not have (${have})`,
      `${meant === null ? 'correct the name' : `write ${meant}`} in slipway.json, or add the remote: git remote add ${remote} <url>`,
    );
  }
  const reader = createCommitReader(git);
  const writer = createCommitWriter(git);
  const layout =
    options.store === 'branch' ? createBranchLayout({ git, reader, writer, clock, remote }) : createRefsLayout(remote);
  const store = remotes.has(remote)
    ? createRemoteRefs({ git, interruptible, reader, clock, remote, timeout, readOnly }, layout)
    : createLocalRefs(git);
  const refs = readOnly ? withoutWriting(store) : store;
  const me = options.process ?? currentProcess();
  const uptime = options.uptime ?? sinceBoot;
  const log = createEventLog(refs, reader, writer);
  const locks = createLocks({
    refs,
    reader,
    writer,
    log,
    clock,
    // Waiting ends at once when the step is being stopped.
    waiting: { clock: world.clock, log: world.log, stop: world.stop },
    process: me,
    uptime,
    sightings: createSightings(git, uptime, me.boot),
    exclusive: createMutex(),
  });
  const turns = createTurns({
    key: remotes.get(remote) ?? git.root,
    me,
    sleep: (milliseconds) => clock.sleep(milliseconds),
    hurried: () => world.stop.requested,
  });
  await refs.refresh();

  return {
    read: (stream) => log.read(stream),
    refresh: () => refs.refresh({ interruptible: true }),
    append: (stream, body, { lock, unless, release = false } = {}) =>
      locks.exclusive(async () => {
        const held = lock === undefined ? null : locks.find(lock);
        const id = randomUUID();
        for (let attempt = 1; attempt <= APPEND_TRIES; attempt++) {
          const event = await turns.take(async (othersWrote) => {
            // The one before had its turn since: what is known here would lose.
            if (othersWrote) await refs.refresh();
            return tryAppend(stream, { id, body, held, release, unless });
          });
          if (event !== null) return event;
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

  /** Null when others were quicker. */
  async function tryAppend(
    stream: Stream,
    { id, body, held, release, unless }: Appending,
  ): Promise<StoredEvent | null> {
    const events = await log.read(stream);
    // An earlier try may have arrived late, after its failure was reported.
    const mine = events.find((event) => event.id === id);
    if (mine !== undefined) return mine;
    if (held !== null) await held.confirm();
    const standing = unless?.(events) ?? null;
    if (standing !== null) {
      if (release) await held?.free();
      return standing;
    }
    const ref = ledgerRef(stream);
    const [event, next] = await Promise.all([
      log.prepare(stream, events, { id, at: clock.now(), body }),
      held === null || release ? null : held.nextBeat(),
    ]);
    const beat = release && held !== null ? await held.lastBeat(event.commit) : next;
    const change = { ref, from: refs.head(ref), to: event.commit };
    if ((await refs.move([change, ...(beat === null ? [] : [beat.change])])) === 'raced') return null;
    beat?.accept();
    log.accept(stream, event);
    return (await log.read(stream)).find((stored) => stored.id === id) ?? notThere(event);
  }
}

interface Appending {
  readonly id: string;
  readonly body: LedgerEventBody;
  readonly held: Fence | null;
  readonly release: boolean;
  readonly unless: AppendOptions['unless'];
}

/** URLs of the remotes, by name. */
async function readRemotes(git: LedgerGit): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await git.run(['config', '--null', '--get-regexp', '^remote\\..*\\.url$']);
  return new Map(
    stdout.split('\0').flatMap((entry): [string, string][] => {
      const [key = '', ...url] = entry.split('\n');
      return key === '' ? [] : [[key.slice('remote.'.length, -'.url'.length), url.join('\n')]];
    }),
  );
}

function withoutWriting(store: RefStore): RefStore {
  return {
    refresh: (access) => store.refresh(access),
    head: (ref) => store.head(ref),
    age: () => store.age(),
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
