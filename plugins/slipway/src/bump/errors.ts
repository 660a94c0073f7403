import type { Refusal } from '../ledger/outcome';

/** Nothing was written. */
export class BumpRefused extends Error {
  override readonly name = 'BumpRefused';
  constructor(readonly refusals: readonly Refusal[]) {
    super(refusals.map(({ reason }) => reason).join('; '));
  }
}

/** A step of the transaction failed. `cause` holds what was thrown, a `StoppedError` where it was asked to stop. */
export class BumpFailed extends Error {
  override readonly name = 'BumpFailed';
  constructor(
    message: string,
    /** Whether tree, index, HEAD and branches are as before. */
    readonly restored: boolean,
    /** What mends it: a command to run, or an instruction. */
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
