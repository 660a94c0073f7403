import { acceptanceCheck } from './acceptance';
import { bumpCheck } from './bump';
import { freezeCheck } from './freeze';
import { freshnessCheck } from './freshness';
import type { ReleaseCheck } from './release-check';
import { reviewCheck } from './review';

/**
 * Every check of a release, in the order it is shown. A new one is its file and one line here. Waivers are judged after them, because
 * only then it is known which are used.
 */
export const releaseChecks: readonly ReleaseCheck[] = [
  bumpCheck,
  freezeCheck,
  freshnessCheck,
  reviewCheck,
  acceptanceCheck,
];
