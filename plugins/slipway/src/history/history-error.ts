export type HistoryFailure =
  /** The clone holds only part of the history. */
  | 'shallow'
  /** The commit does not exist here; in an empty repository none does. */
  | 'unknownCommit'
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
