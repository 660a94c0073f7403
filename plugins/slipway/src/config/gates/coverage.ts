import { z } from 'zod';
import { percent } from '../values';

export const coverage = z.strictObject({
  lines: percent.describe('Share of lines that tests must cover, in percent.').default(80),
  branches: percent.optional().describe('Share of branches that tests must cover, in percent. Default: not asked for.'),
  newLines: percent
    .default(80)
    .describe(
      'Share of the lines changed since the last release that tests must cover, in percent; needs a report with lines.',
    ),
  tinyChange: z
    .number()
    .int()
    .min(0)
    .default(10)
    .describe('Changed lines up to which newLines is told but does not fail.'),
  noise: percent.default(0.5).describe('Percentage points by which coverage may fall below that of the last release.'),
});
