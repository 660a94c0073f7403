import { z } from 'zod';
import { argv, duration, workspacePath } from './values';

/** What the producers of reports run, and against what. */

const urlPath = z.string().startsWith('/', 'a path that starts with /');

export const testStack = z
  .strictObject({
    compose: workspacePath.describe('Compose file, relative to the workspace.'),
    project: z
      .string()
      .regex(/^[a-z0-9][a-z0-9_-]*$/)
      .describe('Compose project name; each producer adds a suffix of its own, so that several can run side by side.'),
    envFiles: z
      .array(z.strictObject({ path: workspacePath, required: z.boolean().default(true) }))
      .default([])
      .describe('Files of variables, later ones win.'),
    ports: z
      .array(z.string().regex(/^[A-Z][A-Z0-9_]*$/))
      .default([])
      .describe('Variables by which the Compose file takes its host ports; each producer sets them to free ones.'),
    healthTimeout: duration.default('120s').describe('How long services may take to turn healthy.'),
    prepare: argv
      .optional()
      .describe(
        'Run in the workspace once it is healthy, to fill it with data. ${NAME} takes values from its environment.',
      ),
  })
  .describe('Compose stack that release-integration, release-load and release-a11y start, use and throw away.');

export const audit = z.strictObject({
  timeout: duration.default('2m').describe('How long one tool may take.'),
  validFor: duration.default('24h').describe('How long its result may be relied on.'),
  osvUrl: z.string().optional().describe("OSV service that pip-audit asks instead of PyPI's."),
});

export const load = z.strictObject({
  url: z
    .string()
    .describe('Base URL in the test stack. ${NAME} and ${NAME:-default} take values from its environment.'),
  scenarios: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
        path: urlPath,
        headers: z.record(z.string(), z.string()).default({}),
        body: z.string().optional(),
      }),
    )
    .min(1),
  connections: z.number().int().min(1).default(10),
  duration: duration.default('10s').describe('How long each scenario is measured.'),
  warmup: duration.default('3s').describe('How long each scenario runs before it is measured.'),
  timeout: duration.default('10s').describe('After which a request counts as timed out.'),
});

export const a11y = z.strictObject({
  url: z
    .string()
    .describe('Base URL in the test stack. ${NAME} and ${NAME:-default} take values from its environment.'),
  pages: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        path: urlPath,
        click: z
          .array(z.string())
          .default([])
          .describe('CSS selectors or text=… to click, in order, before it is looked at.'),
        waitFor: z.string().optional().describe('CSS selector that must be there before it is looked at.'),
      }),
    )
    .min(1),
  browser: z.string().optional().describe('Path of a Chromium. Default: the one that is found.'),
});

export const integration = z.strictObject({
  command: argv.describe(
    "Program and arguments; never run through a shell. The stack's variables are in its environment, and SLIPWAY_REPORTS, the folder for its report.",
  ),
  url: z.string().optional().describe('Given to the command as SLIPWAY_URL.'),
  timeout: duration.default('10m'),
});

export const migrations = z.strictObject({
  settings: z
    .string()
    .regex(/^[A-Za-z_][\w.]*$/, 'a Python module, e.g. helpdesk.settings_test')
    .optional()
    .describe('Django settings to load. Default: DJANGO_SETTINGS_MODULE, else what manage.py names.'),
  timeout: duration.default('2m').describe('How long Django may take.'),
});
