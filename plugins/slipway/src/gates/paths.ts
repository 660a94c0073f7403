/** Light: plugin inference imports it. */
import type { ProjectCheckId } from '../config/gates/gates';

/**
 * Where a project's verdict lies, relative to the workspace: below the output that Nx caches for its gate.
 * @throws {RangeError} for a name that would lead elsewhere.
 */
export function verdictPath(project: string): string {
  return `.slipway/gates/${folderOf(project)}/verdict.json`;
}

/**
 * Where an inferred producer leaves a project's reports, relative to the workspace. Outside the project, because its own
 * targets may claim `{projectRoot}/reports` as an output: Nx empties that when it restores it from the cache.
 * @param producer the target's name without `release-`, e.g. `audit`
 * @throws {RangeError} for a name that would lead elsewhere.
 */
export function producedFolder(project: string, producer: string): string {
  return `.slipway/reports/${folderOf(project)}/${producer}`;
}

function folderOf(project: string): string {
  const segments = project.split('/');
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..') || project.includes('\\')) {
    throw new RangeError(`"${project}" can't name a folder, so a verdict of it can't be kept`);
  }
  return project;
}

/**
 * Where reports are looked for when the configuration names none, relative to the project. All of a list's matches count; for
 * coverage only those of the first pattern that matches.
 */
export const DEFAULT_REPORTS = {
  tests: [
    'reports/**/*.xml',
    'reports/**/*jest*.json',
    'reports/**/*test-results*.json',
    'reports/**/*pytest*.json',
    '.report.json',
    'reports/**/*ctrf*.json',
    'ctrf/*.json',
    'test-results/**/*.xml',
    '*junit*.xml',
    'coverage/*junit*.xml',
    'target/surefire-reports/*.xml',
    'build/test-results/**/*.xml',
  ],
  coverage: [
    'coverage/lcov.info',
    'reports/**/lcov.info',
    'reports/**/*coverage*.xml',
    'reports/**/*cobertura*.xml',
    'coverage/*cobertura*.xml',
    'coverage/coverage.xml',
    'coverage.xml',
    'target/site/jacoco/jacoco.xml',
    'build/reports/jacoco/**/*.xml',
    'coverage/coverage-final.json',
    'reports/**/coverage-final.json',
    'coverage/coverage-summary.json',
    'reports/**/coverage-summary.json',
  ],
  security: ['reports/audit/*.json', 'reports/audit/*.sarif', 'reports/**/*.sarif'],
  performance: ['reports/load/*.json', 'reports/load/*.csv', 'reports/load/*.jtl', 'reports/lighthouse/*.json'],
  accessibility: ['reports/a11y/*.json', 'reports/lighthouse/*.json'],
  documentation: [],
  migrations: ['reports/migrations/*.json'],
} as const satisfies Readonly<Record<ProjectCheckId, readonly string[]>>;
