import { z } from 'zod';
import { percent } from '../values';

export const tests = z.strictObject({
  passRate: percent.describe('Share of tests that must pass, in percent.').default(100),
});
