import { LedgerError } from './ledger';

/** Where the ledger lives in a repository, and the one way to change it. */

export const STREAMS = 'refs/slipway/ledger/';
export const LOCKS = 'refs/slipway/lock/';
/** Holds all of them on hosts that take nothing but branches. */
export const LEDGER_BRANCH = 'refs/heads/slipway/ledger';

const NAME = /^[a-z][a-z0-9-]*$/;

/** Ref of a stream's chain of events. @throws {LedgerError} on a name that is no stream's. */
export function ledgerRef(stream: string): string {
  return `${STREAMS}${checkedName(stream)}`;
}

/** Ref of an environment's lock. @throws {LedgerError} on a name that is no environment's. */
export function lockRef(environment: string): string {
  return `${LOCKS}${checkedName(environment)}`;
}

function checkedName(name: string): string {
  if (NAME.test(name)) return name;
  throw new LedgerError(
    `'${name}' can't be a stream of the ledger`,
    'name environments with lower-case letters, digits and dashes, starting with a letter',
  );
}

/** One ref's move. */
export interface RefChange {
  readonly ref: string;
  /** Commit that it must point to now; null: it must not exist. */
  readonly from: string | null;
  readonly to: string;
}

export interface RefAccess {
  /** Ends at once when the step is being stopped, with a RunError; else the work is seen through, so that last words are written. */
  readonly interruptible?: boolean;
}

/** The ledger's refs: of this repository alone, or of the remote that a team shares. */
export interface RefStore {
  /** Reads the refs again. @throws {LedgerError} when the remote can't be reached. */
  refresh(access?: RefAccess): Promise<void>;
  /** Where a ref pointed when last seen; null where it did not exist. */
  head(ref: string): string | null;
  /** Milliseconds since the refs were read; infinite where they never were. */
  age(): number;
  /**
   * Moves all of the refs, or none (compare-and-swap).
   * `raced`: someone else moved one of them first; what they point to now has been read.
   * @throws {LedgerError} when it can't be done, and when it can't be told whether it was.
   */
  move(changes: readonly RefChange[], access?: RefAccess): Promise<'done' | 'raced'>;
}

/** The lines for `git update-ref --stdin`: one transaction. */
export function updateRefInput(changes: readonly RefChange[]): string {
  const lines = changes.map(({ ref, from, to }) =>
    from === null ? `create ${ref} ${to}` : `update ${ref} ${to} ${from}`,
  );
  return ['start', ...lines, 'prepare', 'commit', ''].join('\n');
}
