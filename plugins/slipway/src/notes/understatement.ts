import type { ReleaseFacts } from './release-facts';
import { sanitizeInline } from './sanitize';

/**
 * What readers must know where the version promises that nothing breaks and something does. Other reasons that a person
 * gave are between those who release; the ledger keeps them.
 */
export function understatement({ understated }: ReleaseFacts): string | null {
  if (understated === undefined || understated === null) return null;
  return `> **Note:** this version has breaking changes although its number promises none. The reason given: ${sanitizeInline(understated)}`;
}
