/** Why a report could not be made, and what to do about it. Nothing was measured then; no report is left or replaced. */
export class ProducerError extends Error {
  override readonly name = 'ProducerError';
  constructor(
    message: string,
    /** What mends it: a command, or an instruction. */
    readonly remedy: string,
  ) {
    super(message);
  }
}
