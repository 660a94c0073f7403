import { z } from 'zod';
import { duration } from '../values';

/** A registry that images are pushed to once, and pulled from by digest. Credentials are Docker's own (docker login). */
export const registry = z
  .strictObject({
    prefix: z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[a-z0-9._-]+)*$/,
        'host, port and path without a scheme, e.g. registry.example.org/helpdesk',
      )
      .describe("Put before each image's repository."),
    attempts: z
      .number()
      .int()
      .min(1)
      .default(5)
      .describe('How often a push or pull is tried while the registry is busy or down.'),
    timeout: duration.default('10m').describe('How long one push or pull may take.'),
  })
  .describe('Registry of the images. Default: they stay in the engine that built them.');
