import { count } from './count';

/**
 * Fewer tests than at the last release may be a clean-up, or tests that are no longer found: it is told, and fails nothing.
 * @param last tests that ran at the last release; null where nothing is known of it
 * @param now tests that ran now
 * @returns the warning, or null
 */
export function fewerTests(last: number | null, now: number): string | null {
  if (last === null || now >= last) return null;
  return `${count(now, 'test')} ran, ${last - now} fewer than at the last release (${last}); see that none was lost`;
}
