/**
 * The system's code of an error (`ENOENT`, `ESRCH`), or of its cause; null where there is none.
 * By shape: an error of another realm (a worker's, a test runner's) is no instance of this one's Error.
 */
export function errorCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? errorCode(error.cause) : null;
}
