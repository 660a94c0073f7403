import { z } from 'zod';
import { ownGates } from './gates/gates';
import { a11y, audit, integration, load, migrations } from './producers';
import { argv } from './values';

/** Inference reads these without looking for them, and they become part of Nx's own patterns: so no globs. */
const projectPath = z
  .string()
  .refine(
    (path) => path.split('/').every((part) => !['', '.', '..'].includes(part)) && !/[*?[\]{}!\\]/.test(path),
    'a path inside the project, relative to its folder; no glob',
  );

const globs = (what: string): z.ZodOptional<z.ZodArray<z.ZodString>> =>
  z.array(z.string()).optional().describe(`Globs, relative to the project, of ${what}.`);

/** What differs for one project. */
export const project = z.strictObject({
  versionFiles: z
    .array(projectPath)
    .optional()
    .describe(
      'Further files that hold its version, marked there by comments slipway:version; relative to the project.',
    ),
  reports: z
    .strictObject({
      tests: globs('test reports: JUnit XML, Jest, pytest or CTRF JSON'),
      coverage: globs('coverage reports: LCOV, Cobertura, JaCoCo or Istanbul'),
      security: globs('audits and scans: npm audit, yarn audit, pip-audit, OSV, Trivy, Grype, SARIF, CycloneDX, SPDX'),
      performance: globs('load tests: k6, autocannon, JMeter or Locust CSV, Lighthouse'),
      accessibility: globs('axe results or Lighthouse reports'),
      migrations: globs('what release-migrations found out about database migrations'),
    })
    .prefault({}),
  producers: z
    .array(z.string())
    .optional()
    .describe(
      'Targets of the project that leave its reports, besides the inferred ones. Default: test, where it exists.',
    ),
  audit: z
    .union([audit, z.literal(false)])
    .optional()
    .describe('release-audit: on for npm and Python projects; false takes it away.'),
  load: load.optional().describe('release-load: requests that are sent to the test stack.'),
  a11y: a11y.optional().describe('release-a11y: pages of the test stack that a real browser opens.'),
  integration: integration.optional().describe('release-integration: tests that run against the test stack.'),
  python: argv
    .optional()
    .describe(
      "The project's Python, run in its folder. Default: .venv/bin/python of the project or the workspace, else python3.",
    ),
  migrations: z
    .union([migrations, z.literal(false)])
    .optional()
    .describe('release-migrations: on for Python projects with a manage.py; false takes it away.'),
  gates: ownGates.prefault({}),
});
