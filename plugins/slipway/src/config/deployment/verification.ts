import { z } from 'zod';
import { argv, duration, serviceName } from '../values';
import { prometheusQuery } from './prometheus-query';

/** How an environment is verified: what is measured, and how the measurements are judged. */

/** What every probe may say about how it is repeated and judged. What is absent has a default that depends on the probe's kind. */
const judgement = {
  name: z
    .string()
    .min(1)
    .describe('How the probe is called in reports and in the ledger; one of a kind in its environment.'),
  initialDelay: duration.optional().describe('Pause before the first measurement. Default: none.'),
  interval: duration.optional().describe("Pause between two measurements. Default: the environment's."),
  attempts: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe("How often it is tried until it says something good for the first time. Default: the environment's."),
  count: z
    .number()
    .int()
    .min(1)
    .default(1)
    .describe('How many measurements make a verdict; in bake and watch, the last ones.'),
  failureLimit: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe('How many of the last "count" measurements may fail. Default: only consecutiveFailureLimit counts.'),
  consecutiveFailureLimit: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe(
      'How many measurements may fail one after another. Default: 2; 0 for log and restarts; none beside a failureLimit.',
    ),
  noData: z
    .enum(['unknown', 'skip', 'unhealthy'])
    .default('unknown')
    .describe('What a measurement without data counts as; none of them is ever healthy.'),
  preflight: z
    .boolean()
    .default(true)
    .describe('false: not asked before a deployment, e.g. because only the next release answers it.'),
};

const header = z.record(z.string().regex(/^[A-Za-z0-9-]+$/, 'the name of a header'), z.string());

const httpProbe = z.strictObject({
  ...judgement,
  http: z
    .string()
    .regex(/^https?:\/\//, 'a URL that starts with http:// or https://')
    .describe('URL to ask. ${NAME} takes a value from the environment files, ${NAME:-default} with a default.'),
  headers: header.default({}).describe('Headers to send; values take ${NAME} like the URL.'),
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

const tcpProbe = z.strictObject({
  ...judgement,
  tcp: z
    .string()
    .regex(/^(\[[^\]]+\]|[^\s:/]+|\$\{[^}]+\}):(\d+|\$\{[^}]+\})$/, 'host:port, e.g. 127.0.0.1:5432 or [::1]:5432')
    .describe('host:port to connect to; ${NAME} as in a URL.'),
  banner: pattern().optional().describe('Regular expression that the first words of the server must match.'),
  timeout: duration.default('5s'),
});

const commandProbe = z.strictObject({
  ...judgement,
  command: argv.describe('Smoke command, run in the workspace; exit 0 is healthy.'),
  timeout: duration.default('60s'),
});

const services = z
  .array(serviceName)
  .min(1)
  .optional()
  .describe('Compose services. Default: all that are deployed here.');

const logProbe = z.strictObject({
  ...judgement,
  log: z
    .strictObject({
      services,
      errors: z.array(pattern()).min(1).default(['\\b(ERROR|FATAL|CRITICAL|panic)\\b', 'Traceback']),
      allowed: z.array(pattern()).default([]).describe('Lines that match one of these are no errors.'),
      max: z.number().int().min(0).default(0).describe('How many such lines are tolerated since the deployment.'),
    })
    .describe('Lines that the services wrote since the deployment and that mean an error: regular expressions.'),
  minSamples: z.number().int().min(0).default(1).describe('Fewer lines than this, of each service, are no data.'),
  timeout: duration.default('30s'),
});

const restartsProbe = z.strictObject({
  ...judgement,
  restarts: z
    .strictObject({
      services,
      max: z.number().int().min(0).default(0).describe('How many restarts are tolerated since the deployment.'),
    })
    .describe('How often the engine started containers again by itself since the deployment.'),
  timeout: duration.default('30s'),
});

const bound = z.number().optional();

const prometheusProbe = z
  .strictObject({
    ...judgement,
    prometheus: prometheusQuery,
    min: bound.describe('Smallest value that is healthy.'),
    max: bound.describe('Largest value that is healthy.'),
    minSamples: z
      .number()
      .int()
      .min(0)
      .default(1)
      .describe('Fewer samples than this are no data: what "samples" counts, else points of a range.'),
    compare: z
      .strictObject({
        maxIncrease: z
          .number()
          .min(0)
          .describe('How much more than before is healthy, as a share: 0.2 is a fifth more.'),
        floor: z.number().default(0).describe('Values up to this one are not compared.'),
        noBaseline: z
          .enum(['skip', 'unknown'])
          .default('skip')
          .describe('What there is to say where nothing was measured before.'),
      })
      .optional()
      .describe('Compares with the same query before the deployment, else with the last healthy verification.'),
    timeout: duration.default('10s'),
  })
  .refine(({ min, max, compare }) => min !== undefined || max !== undefined || compare !== undefined, {
    error: 'at least one of min, max and compare, so that there is something to judge',
  })
  .refine(({ min, max }) => min === undefined || max === undefined || min <= max, {
    path: ['min'],
    error: 'a number that is not above max',
  });

const probe = z
  .union([httpProbe, commandProbe, tcpProbe, logProbe, restartsProbe, prometheusProbe])
  .refine(({ failureLimit, count }) => failureLimit === undefined || failureLimit < count, {
    path: ['failureLimit'],
    error: 'less than count, or nothing could ever be unhealthy',
  });

export const verification = z.strictObject({
  probes: z
    .array(probe)
    .default([])
    .refine((probes) => new Set(probes.map(({ name }) => name)).size === probes.length, {
      error: 'a different name for each probe: measurements are told apart by it',
    }),
  attempts: z
    .number()
    .int()
    .min(1)
    .default(10)
    .describe('How often a probe is tried until it says something good for the first time.'),
  interval: duration.default('2s').describe('Pause between two measurements.'),
  bake: duration
    .default('0s')
    .describe('How long a release is measured on after it was found healthy, before it counts as verified.'),
  onUnhealthy: z.enum(['rollback', 'hold']).default('rollback'),
});

/** A regular expression of JavaScript, matched anywhere in a line. */
function pattern() {
  return z.string().min(1).refine(isPattern, 'a regular expression that JavaScript understands');
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
