/** What was asked of `judge` can't be: the check is unknown, or its policy is none. Its own faults, never those of a report. */
export class PolicyError extends TypeError {
  override readonly name = 'PolicyError';
  constructor(
    /** Dotted, e.g. `coverage.lines`; the name that was given where there is no such check. */
    readonly key: string,
    message: string,
  ) {
    super(message);
  }
}
