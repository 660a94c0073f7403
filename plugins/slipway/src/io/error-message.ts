/**
 * What an error says, or whatever was thrown, as text.
 * By shape, as in `errorCode`: an error of another realm is no instance of this one's Error.
 */
export function errorMessage(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}

/** The first line of it, for a sentence. */
export function errorLine(error: unknown): string {
  return errorMessage(error).split('\n', 1)[0] ?? '';
}
