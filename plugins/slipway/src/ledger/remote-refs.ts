import type { Clock } from '../io/world';
import { backoff } from './backoff';
import { LedgerError } from './ledger';
import type { LedgerGit } from './ledger-git';
import { isAncestor, listRefs, moved, taken } from './ref-queries';
import { updateRefInput, type RefChange, type RefStore } from './refs';

export interface RemoteRefsOptions {
  readonly git: LedgerGit;
  readonly clock: Clock;
  readonly remote: string;
  /** Milliseconds for one fetch or push. */
  readonly timeout: number;
  /** Reads the remote without writing any ref here. */
  readonly readOnly: boolean;
}

const STREAMS = 'refs/slipway/ledger/';
const FETCH_OPTIONS = [
  '--quiet',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-auto-maintenance',
  '--no-recurse-submodules',
];
const SYNC_TRIES = 6;
/** What git says when another process moves the same refs at this moment, in this clone or (`not our ref`) on the server. */
const FETCH_RACE = /cannot lock ref|unable to update local ref|unable to create .*\.lock|but expected|not our ref/i;
/** What a server says about a push that lost to another one. */
const REMOTE_RACE =
  /stale info|failed to update ref|cannot lock ref|fetch first|non-fast-forward|incorrect old value|File exists/i;

/**
 * The shared ledger. The remote alone says what is true: its refs are mirrored to `refs/slipway/remotes/<remote>/…` and read from
 * there, and nothing is written here before the remote took it, so a failed push leaves nothing behind.
 *
 * `refs/slipway/ledger/<stream>` of this repository follows by fast-forward only: it is what people read with `git log`, it keeps every
 * event that was ever seen here, and it shows when the remote's history was rewritten or emptied. That stops us (fail closed).
 */
export function createRemoteRefs({ git, clock, remote, timeout, readOnly }: RemoteRefsOptions): RefStore {
  const mirror = `refs/slipway/remotes/${remote}/`;
  let heads = new Map<string, string>();

  const store: RefStore = {
    async refresh() {
      let problem: LedgerError | null = null;
      for (let attempt = 1; attempt <= SYNC_TRIES; attempt++) {
        if (attempt > 1) await clock.sleep(backoff(attempt - 1));
        const seen = readOnly ? await look() : await fetch();
        if (seen === 'busy') continue;
        const synced = await follow(seen);
        if (synced === 'done') return;
        // Another process of this clone may have been between its push and its own fetch: look again before complaining.
        if (synced instanceof LedgerError) problem = synced;
      }
      throw (
        problem ??
        new LedgerError(
          `the ledger's copy in this clone is busy: other processes keep changing it`,
          'run the command again when they are done',
        )
      );
    },
    head: (ref) => heads.get(ref) ?? null,
    async move(changes) {
      const pushed = await push(changes);
      if (pushed.exitCode === 0) {
        for (const { ref, to } of changes) heads.set(ref, to);
        await record(changes);
        return 'done';
      }
      const said = `${pushed.stdout}\n${pushed.stderr}`;
      if (/does not support --atomic/i.test(said)) {
        throw new LedgerError(
          `the remote '${remote}' can't take several refs in one atomic push, which the ledger needs`,
          'host the ledger on a server that can (receive.advertiseAtomic), and name its remote in release.remote',
        );
      }
      // Whatever went wrong, the server may have taken it: only reading back tells.
      try {
        await store.refresh();
      } catch (error) {
        if (!(error instanceof LedgerError)) throw error;
        throw new LedgerError(
          `it is unknown whether the ledger was written: ${describe(said)}, and then ${error.message}`,
          `${error.remedy}; then run the command again, it finds out by itself`,
        );
      }
      if (await taken(git, store, changes)) return 'done';
      if (pushed.cut === 'timedOut') {
        throw new LedgerError(
          `it is unknown whether the ledger was written: the remote '${remote}' did not answer within ${timeout} ms`,
          'run the command again, it finds out by itself',
        );
      }
      if (moved(store, changes) || REMOTE_RACE.test(said) || pushed.cut === 'killed') return 'raced';
      throw new LedgerError(
        `the remote '${remote}' did not take the ledger's push: ${describe(said)}`,
        `make sure that you may push to refs/slipway/ on '${remote}', then run the command again`,
      );
    },
  };
  return store;

  /** One round trip; the mirror shows what the remote has. `busy` when another process was in the way. */
  async function fetch(): Promise<Map<string, string> | 'busy'> {
    const refspecs = [`+${STREAMS}*:${mirror}ledger/*`, `+refs/slipway/lock/*:${mirror}lock/*`];
    const fetched = await ask(['fetch', '--prune', ...FETCH_OPTIONS, remote, ...refspecs]);
    if (fetched === 'busy') return 'busy';
    const seen = new Map<string, string>();
    for (const [ref, commit] of await listRefs(git, mirror))
      seen.set(`refs/slipway/${ref.slice(mirror.length)}`, commit);
    return seen;
  }

  /** The same without the mirror, in two round trips: commits that nothing points to here are no trace that anyone meets. */
  async function look(): Promise<Map<string, string> | 'busy'> {
    const listed = await ask(['ls-remote', '--quiet', remote, `${STREAMS}*`, 'refs/slipway/lock/*']);
    if (listed === 'busy') return 'busy';
    const seen = new Map<string, string>();
    for (const line of listed.text.split('\n')) {
      const [commit, ref] = line.split('\t');
      // A pattern of ls-remote also matches the end of longer names.
      if (commit && ref?.startsWith('refs/slipway/')) seen.set(ref, commit);
    }
    if (seen.size === 0) return seen;
    const fetched = await ask(['fetch', '--refmap=', ...FETCH_OPTIONS, remote, ...seen.keys()]);
    return fetched === 'busy' ? 'busy' : seen;
  }

  async function ask(args: readonly string[]): Promise<{ readonly text: string } | 'busy'> {
    const result = await git.once(args, { timeout });
    if (result.exitCode === 0) return { text: result.stdout };
    if (FETCH_RACE.test(result.stderr) || result.cut === 'killed') return 'busy';
    throw new LedgerError(
      `the ledger on the remote '${remote}' can't be reached: ${describe(result.stderr)}`,
      `check the network and your access with 'git ls-remote ${remote}', then run the command again`,
    );
  }

  function push(changes: readonly RefChange[]) {
    return git.once(
      [
        'push',
        '--porcelain',
        '--atomic',
        '--no-verify',
        '--no-follow-tags',
        '--recurse-submodules=no',
        ...changes.map(({ ref, from }) => `--force-with-lease=${ref}:${from ?? ''}`),
        remote,
        ...changes.map(({ ref, to }) => `${to}:${ref}`),
      ],
      { timeout },
    );
  }

  /** Takes what the remote has for true, and lets the streams' local refs follow. */
  async function follow(seen: Map<string, string>): Promise<'done' | 'busy' | LedgerError> {
    const refs = await listRefs(git, STREAMS);
    const changes: RefChange[] = [];
    for (const [ref, to] of seen) {
      const from = refs.get(ref) ?? null;
      if (!ref.startsWith(STREAMS) || from === to) continue;
      if (from !== null && !(await isAncestor(git, from, to))) return diverged(ref, from, to);
      changes.push({ ref, from, to });
    }
    for (const [ref, commit] of refs) {
      if (!seen.has(ref)) return diverged(ref, commit, null);
    }
    if (changes.length > 0 && !readOnly) {
      const result = await git.once(['update-ref', '--stdin'], { input: updateRefInput(changes) });
      if (result.exitCode !== 0) return 'busy';
    }
    heads = seen;
    return 'done';
  }

  async function diverged(ref: string, here: string, there: string | null): Promise<LedgerError> {
    if (there === null || (await isAncestor(git, there, here))) {
      return new LedgerError(
        `${ref} holds events here that the remote '${remote}' does not have; others can't see them, so nothing may rely on them`,
        `publish them with 'git push ${remote} ${ref}:${ref}', or forget them with 'git update-ref -d ${ref}'`,
      );
    }
    return new LedgerError(
      `${ref} has another history on the remote '${remote}' than was seen here before: it was rewritten`,
      `compare 'git log ${ref}' with 'git log ${mirror}${ref.slice('refs/slipway/'.length)}'; to follow the remote, run 'git update-ref -d ${ref}'`,
    );
  }

  /** Mirrors here what the remote took. It may fail when another process of this clone is quicker: the next refresh puts that right. */
  async function record(changes: readonly RefChange[]): Promise<void> {
    const moves = changes.flatMap((change) => [
      { ...change, ref: `${mirror}${change.ref.slice('refs/slipway/'.length)}` },
      ...(change.ref.startsWith(STREAMS) ? [change] : []),
    ]);
    await git.once(['update-ref', '--stdin'], { input: updateRefInput(moves) });
  }
}

/** What git adds to every failed connection; our remedy says it better. */
const ADVICE = /^(?:Please make sure you have the correct access rights|and the repository exists)/;

/** What git said, as part of a sentence. */
function describe(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/^(fatal|error|remote):\s*/, '').trim())
    .filter((line) => line !== '' && line !== 'Done' && !line.startsWith('To ') && !ADVICE.test(line))
    .map((line) => line.replace(/[.;:]$/, ''));
  return lines.slice(0, 4).join('; ') || 'git gave no reason';
}
