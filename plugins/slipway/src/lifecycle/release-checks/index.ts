import { acceptanceCheck } from './acceptance';
import { bumpCheck } from './bump';
import { comparisonCheck } from './comparison';
import { documentationCheck } from './documentation';
import { freezeCheck } from './freeze';
import { freshnessCheck } from './freshness';
import { imagesCheck } from './images';
import { migrationsCheck } from './migrations';
import type { ReleaseCheck } from './release-check';
import { reviewCheck } from './review';
import { secretsCheck } from './secrets';

/**
 * Every check of a release, in the order it is shown. A new one is its file and one line here. Waivers are judged after them, because
 * only then it is known which are used.
 */
export const releaseChecks: readonly ReleaseCheck[] = [
  bumpCheck,
  freezeCheck,
  freshnessCheck,
  documentationCheck,
  imagesCheck,
  migrationsCheck,
  comparisonCheck,
  secretsCheck,
  reviewCheck,
  acceptanceCheck,
];
