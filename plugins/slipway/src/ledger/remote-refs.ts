import type { Clock } from '../io/world';
import { backoff } from './backoff';
import type { CommitReader } from './commits';
import { LedgerError } from './ledger';
import type { LedgerGit } from './ledger-git';
import { createLocalCopy } from './local-copy';
import { listRefs, moved, taken } from './ref-queries';
import { STREAMS, updateRefInput, type RefAccess, type RefChange, type RefStore } from './refs';
import { lookAtRemote } from './remote-look';
import { createRemoteGit, describeGit, FETCH_OPTIONS, lostRace, refused, type RemoteGit } from './remote-git';

export interface RemoteRefsOptions {
  readonly git: LedgerGit;
  /** Ends at once when the step is being stopped. */
  readonly interruptible: LedgerGit;
  readonly reader: CommitReader;
  readonly clock: Clock;
  readonly remote: string;
  /** Milliseconds for one fetch or push. */
  readonly timeout: number;
  /** Reads the remote without writing any ref here. */
  readonly readOnly: boolean;
}

/** How the ledger's refs lie on a remote: as refs of their own, or within a branch. */
export interface Layout {
  /** Refs of the remote that are fetched, as patterns with at most one `*`. Each may be missing. */
  readonly patterns: readonly string[];
  /** The ledger's refs, out of those that the remote has. @throws {LedgerError} when they are not to be relied on. */
  read(found: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>>;
  /** The push that makes all of the changes or none. */
  prepare(changes: readonly RefChange[]): Promise<PreparedPush>;
  /** The command that publishes a stream that only this clone has; null: there is none. */
  publish(ref: string): string | null;
  /** What a push's complaint means where this layout knows better; else null. */
  explain(said: string): LedgerError | null;
}

export interface PreparedPush {
  readonly args: readonly string[];
  /** Settings of git for this push, with which it moves the local copy by itself. */
  readonly settings?: readonly string[];
  /** The refs that it moves on the remote. */
  readonly moves: readonly RefChange[];
  /** Called once the remote took it. */
  readonly done?: () => void;
}

const SYNC_TRIES = 6;
/** Looks at what is wrong before it is believed: another process of this clone may have been between its push and its own fetch. */
const LOOKS = 3;

/**
 * The shared ledger. The remote alone says what is true: its refs are mirrored below `refs/slipway/remotes/<remote>/` and read from
 * there, and nothing is written here before the remote took it, so a failed push leaves nothing behind. The local copy of the streams
 * follows; where it can't, that stops us (fail closed).
 */
export function createRemoteRefs(options: RemoteRefsOptions, layout: Layout): RefStore {
  const { git, reader, clock, remote, timeout, readOnly } = options;
  const server: RemoteGit = createRemoteGit(options);
  const copy = createLocalCopy({ git, reader, remote, publish: (ref) => layout.publish(ref) });
  const mirror = `refs/slipway/remotes/${remote}/`;
  const mirrored = (ref: string) => `${mirror}${ref.replace(/^refs\//, '')}`;
  let heads = new Map<string, string>();
  /** The local copy, as last seen. */
  let here = new Map<string, string>();
  let readAt = Number.NEGATIVE_INFINITY;

  const store: RefStore = {
    refresh: (access) => sync(!readOnly, access),
    head: (ref) => heads.get(ref) ?? null,
    age: () => performance.now() - readAt,
    async move(changes, access) {
      if (moved(store, changes)) {
        await store.refresh(access);
        return 'raced';
      }
      const { args, moves, done, settings } = await layout.prepare(changes);
      const refspecs = moves.map(({ ref, to }) => `${to}:${ref}`);
      const pushed = await server.push([...args, remote, ...refspecs], { ...access, settings });
      if (pushed.exitCode === 0) {
        done?.();
        for (const { ref, to } of changes) heads.set(ref, to);
        if (settings === undefined) await record(changes, moves);
        else for (const { ref, to } of changes) if (ref.startsWith(STREAMS)) here.set(ref, to);
        return 'done';
      }
      const said = `${pushed.stdout}\n${pushed.stderr}`;
      const explained = layout.explain(said);
      if (explained !== null) throw explained;
      // Whatever went wrong, the server may have taken it: only reading back tells.
      try {
        await sync(false);
      } catch (error) {
        if (!(error instanceof LedgerError)) throw error;
        throw new LedgerError(
          `it is unknown whether the ledger was written: ${describeGit(said)}, and then ${error.message}`,
          `${error.remedy}; then run the command again, it finds out by itself`,
        );
      }
      // A refusal in the server's own words is no lost reply.
      if (!refused(said) && (await taken(git, store, changes))) return 'done';
      if (pushed.cut === 'timedOut') {
        throw new LedgerError(
          `it is unknown whether the ledger was written: the remote '${remote}' did not answer within ${timeout} ms`,
          'run the command again, it finds out by itself',
        );
      }
      if (moved(store, changes) || lostRace(said) || pushed.cut === 'killed') return 'raced';
      const refs = moves.map(({ ref }) => ref).join(' and ');
      throw new LedgerError(
        `the remote '${remote}' did not take the ledger's push: ${describeGit(said)}`,
        `make sure that you may push to ${refs} on '${remote}' (npx nx release-doctor tells), then run the command again`,
      );
    },
  };
  return store;

  /** @param follow whether the local copy is moved along; it is checked in any case. */
  async function sync(follow: boolean, access?: RefAccess): Promise<void> {
    let problem: LedgerError | null = null;
    const begun = performance.now();
    for (let attempt = 1; attempt <= SYNC_TRIES; attempt++) {
      if (attempt > 1) await clock.sleep(backoff(attempt - 1));
      const found = readOnly ? await look(access) : await fetch(access);
      if (found === 'busy') continue;
      const seen = new Map(await layout.read(found));
      problem = await copy.compare(here, seen);
      if (problem !== null && attempt >= LOOKS) break;
      if (problem !== null || (follow && (await copy.follow(here, seen)) === 'busy')) continue;
      if (follow) here = new Map([...seen].filter(([ref]) => ref.startsWith(STREAMS)));
      heads = seen;
      readAt = begun;
      return;
    }
    throw (
      problem ??
      new LedgerError(
        `the ledger's copy in this clone is busy: other processes keep changing it`,
        'run the command again when they are done',
      )
    );
  }

  /** One round trip; the mirror shows what the remote has. `busy` when another process was in the way. */
  async function fetch(access?: RefAccess): Promise<ReadonlyMap<string, string> | 'busy'> {
    const refspecs = layout.patterns.map((pattern) => `+${pattern}:${mirrored(pattern)}`);
    if ((await server.ask(['fetch', '--prune', ...FETCH_OPTIONS, remote, ...refspecs], access)) === 'busy')
      return 'busy';
    const refs = [...(await listRefs(git, 'refs/slipway/'))];
    here = new Map(refs.filter(([ref]) => ref.startsWith(STREAMS)));
    return new Map(
      refs.flatMap(([ref, commit]) => (ref.startsWith(mirror) ? [[`refs/${ref.slice(mirror.length)}`, commit]] : [])),
    );
  }

  /** The same without the mirror. */
  async function look(access?: RefAccess): Promise<ReadonlyMap<string, string> | 'busy'> {
    const found = await lookAtRemote(server, remote, layout.patterns, access);
    if (found !== 'busy') here = await listRefs(git, STREAMS);
    return found;
  }

  /** Mirrors here what the remote took. It may fail when another process of this clone is quicker: the next refresh puts that right. */
  async function record(changes: readonly RefChange[], moves: readonly RefChange[]): Promise<void> {
    const copies = changes.flatMap(({ ref, to }) =>
      ref.startsWith(STREAMS) ? [{ ref, from: here.get(ref) ?? null, to }] : [],
    );
    const copied = [...moves.map((move) => ({ ...move, ref: mirrored(move.ref) })), ...copies];
    const result = await git.once(['update-ref', '--stdin'], { input: updateRefInput(copied) });
    if (result.exitCode === 0) for (const { ref, to } of copies) here.set(ref, to);
  }
}
