export type ApiErrorKind =
  /** No answer: network down, server gone, or too slow. */
  | 'unreachable'
  /** The server answered that it could not. */
  | 'server'
  /** An answer that is not what the API promises. */
  | 'malformed'
  /** The input was refused; `fields` says why. */
  | 'invalid'
  /** The ticket is not in the state that the request needs. */
  | 'conflict'
  /** No such ticket. */
  | 'missing';

/** Why each field was refused, by the API's field name. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

/** Every failure of the API client; `message` is a sentence to show to people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly kind: ApiErrorKind,
    message: string,
    readonly fields: FieldErrors = {},
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

/** The sentence to show for whatever was thrown. */
export function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
