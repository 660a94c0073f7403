export type HistoryFailure =
  /** The clone holds only part of the history. */
  | 'shallow'
  /** The clone holds commits without what they consist of. */
  | 'partial'
  /** The commit does not exist here; in an empty repository none does. */
  | 'unknownCommit'
  /** The commit to read from is not an ancestor of the one to read to. */
  | 'notAncestor'
  /** Git's answer was not in the form that was asked for. */
  | 'unreadable';

/** Why history can't be read, and what to do. The message is a sentence without its full stop. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
  constructor(
    readonly failure: HistoryFailure,
    message: string,
    /** A command to run, or an instruction. */
    readonly remedy: string,
  ) {
    super(message);
  }
}

/** @param of e.g. ` of web`: the line whose history it is; empty where that can't be told. */
export function shallowError(of = ''): HistoryError {
  return new HistoryError(
    'shallow',
    `this is a shallow clone, so the last release${of} and the commits since then may be missing from it`,
    'Fetch the rest with: git fetch --unshallow --tags',
  );
}
