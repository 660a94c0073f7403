import { z } from 'zod';
import { argv, duration } from '../values';

/** How an environment is verified: what is measured, and how the measurements are judged. */

const httpProbe = z.strictObject({
  name: z.string().min(1),
  http: z
    .string()
    .regex(/^https?:\/\//, 'a URL that starts with http:// or https://')
    .describe('URL to ask. ${NAME} takes a value from the environment files, ${NAME:-default} with a default.'),
  status: z.number().int().default(200),
  expect: z
    .strictObject({
      version: z.boolean().default(false),
      commit: z.boolean().default(false),
      json: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
    })
    .prefault({})
    .describe('What the JSON answer must hold: the version and commit that were deployed, and any fixed values.'),
  timeout: duration.default('5s'),
});
const commandProbe = z.strictObject({
  name: z.string().min(1),
  command: argv.describe('Smoke command, run in the workspace; exit 0 is healthy.'),
  timeout: duration.default('60s'),
});

export const verification = z.strictObject({
  probes: z.array(z.union([httpProbe, commandProbe])).default([]),
  attempts: z.number().int().min(1).default(10).describe('How often a probe may fail before the verdict is unhealthy.'),
  interval: duration.default('2s').describe('Pause between two attempts.'),
  onUnhealthy: z.enum(['rollback', 'hold']).default('rollback'),
});
