/** The `code` of a system error (`ENOENT`, `ESRCH`, …). By shape: errors of Node's core are not `instanceof` another realm's Error. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
