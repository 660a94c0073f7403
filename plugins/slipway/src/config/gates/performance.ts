import { z } from 'zod';
import { percent } from '../values';

export const performance = z.strictObject({
  p95: z
    .number()
    .positive()
    .default(200)
    .describe('Milliseconds that 95 of 100 requests must stay below; a request that timed out or failed does not.'),
  errorRate: percent.default(1).describe('Share of requests that may time out or answer with no success, in percent.'),
  minRequests: z.number().int().min(1).default(100).describe('Requests below which nothing is concluded.'),
  lighthouse: percent
    .default(90)
    .describe("Lighthouse's performance score that pages must reach, where a Lighthouse report is given."),
});
