import { LedgerError } from './ledger';

/** Where the ledger lives in a repository, and the one way to change it. */

const NAME = /^[a-z][a-z0-9-]*$/;

/** Ref of a stream's chain of events. @throws {LedgerError} on a name that is no stream's. */
export function ledgerRef(stream: string): string {
  return `refs/slipway/ledger/${checkedName(stream)}`;
}

/** Ref of an environment's lock. @throws {LedgerError} on a name that is no environment's. */
export function lockRef(environment: string): string {
  return `refs/slipway/lock/${checkedName(environment)}`;
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

/** The ledger's refs: of this repository alone, or of the remote that a team shares. */
export interface RefStore {
  /** Reads the refs again. @throws {LedgerError} when the remote can't be reached. */
  refresh(): Promise<void>;
  /** Where a ref pointed when last seen; null where it did not exist. */
  head(ref: string): string | null;
  /**
   * Moves all of the refs, or none (compare-and-swap).
   * `raced`: someone else moved one of them first; what they point to now has been read.
   * @throws {LedgerError} when it can't be done, and when it can't be told whether it was.
   */
  move(changes: readonly RefChange[]): Promise<'done' | 'raced'>;
}

/** The lines for `git update-ref --stdin`: one transaction. */
export function updateRefInput(changes: readonly RefChange[]): string {
  const lines = changes.map(({ ref, from, to }) =>
    from === null ? `create ${ref} ${to}` : `update ${ref} ${to} ${from}`,
  );
  return ['start', ...lines, 'prepare', 'commit', ''].join('\n');
}
