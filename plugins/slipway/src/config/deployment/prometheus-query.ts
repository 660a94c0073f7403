import { z } from 'zod';
import { duration } from '../values';

const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of a variable');

/** A question to a Prometheus server, or to what speaks its HTTP API. */
export const prometheusQuery = z
  .strictObject({
    url: z
      .string()
      .regex(/^https?:\/\//, 'a URL that starts with http:// or https://')
      .describe('Address of the server, with the prefix of its path if it has one; ${NAME} as in probes.'),
    query: z.string().min(1).describe('PromQL that gives one series.'),
    range: z
      .strictObject({
        window: duration.describe('How far back, from the moment of the measurement.'),
        step: duration.default('15s').describe('Distance of two points.'),
        aggregate: z
          .enum(['mean', 'min', 'max', 'sum', 'median', 'p95', 'last'])
          .optional()
          .describe('Makes one value of all points. Default: each point must be within the bounds.'),
      })
      .optional()
      .describe('Asks for the points of a window. Default: the value at the moment of the measurement.'),
    samples: z.string().min(1).optional().describe('PromQL that counts the requests which the value rests on.'),
    auth: z
      .union([
        z.strictObject({ user: z.string().min(1), password: variable.describe('Variable that holds the password.') }),
        z.strictObject({ token: variable.describe('Variable that holds the bearer token.') }),
      ])
      .optional()
      .describe('Variables are those of the environment files, else of the process.'),
  })
  .describe('A query and where to ask it.');
