import { z } from 'zod';
import { severity } from '../values';

export const security = z.strictObject({
  failOn: severity
    .default('high')
    .describe('Findings of this severity or above fail. A finding without a known severity counts as high.'),
  secrets: z
    .boolean()
    .default(true)
    .describe('Whether secrets in the changes since the last release fail the release check.'),
});
