/** Why a generator wrote nothing, and what to do. Nx shows the message. */
export class GeneratorRefusal extends Error {
  override readonly name = 'GeneratorRefusal';
  /**
   * @param reason a sentence without its full stop.
   * @param remedy another one.
   */
  constructor(reason: string, remedy: string) {
    super(`${reason}. ${remedy}${/[.?]$/.test(remedy) ? '' : '.'}`);
  }
}

/** The domain's errors carry their remedy beside the message; a terminal shall show both. */
export function withRemedy(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof GeneratorRefusal) return error;
  if (!('remedy' in error) || typeof error.remedy !== 'string') return error;
  const [first = '', ...rest] = error.message;
  return new GeneratorRefusal(first.toUpperCase() + rest.join(''), error.remedy);
}
