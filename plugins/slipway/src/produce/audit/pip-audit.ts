import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { z } from 'zod';
import { milliseconds } from '../../deploy/duration';
import { ProducerError } from '../producer-error';
import { withOrigin, writeReport } from '../report-file';
import type { AuditContext, Audited } from './audited';
import { parseAnswer, runTool } from './run-tool';

const INSTALL =
  "install pip-audit into the project's Python (.venv/bin/pip install pip-audit), or so that it is on the PATH";
/** Requirements that never reach whoever uses the release. */
const FOR_DEVELOPMENT = /dev|test|doc|lint|local|ci\b/i;

const shape = z.object({
  dependencies: z.array(z.object({ vulns: z.array(z.unknown()).optional(), skip_reason: z.string().optional() })),
});

export function pipReport(reports: string): string {
  return posix.join(reports, 'pip-audit.json');
}

/**
 * Asks the advisories of PyPI, or of an OSV service where one is named (`osvUrl`, else SLIPWAY_OSV_URL), about what the project's
 * requirements files install. pip-audit resolves them, so that what is only needed by another package is asked about too.
 *
 * @throws {ProducerError} where there is nothing to go by, or pip-audit is missing or fails: it leaves no report then.
 */
export async function pipAudit({ world, project, reports, config }: AuditContext): Promise<Audited> {
  const directory = join(world.root, project);
  const osvUrl = config.osvUrl ?? world.env['SLIPWAY_OSV_URL'];
  const program = findPipAudit(world.root, project);
  const argv: [string, ...string[]] = [
    program,
    ...['--format', 'json', '--progress-spinner', 'off', '--desc', 'off', '--aliases', 'on'],
    ...(osvUrl ? ['--vulnerability-service', 'osv', '--osv-url', osvUrl] : []),
    ...sourceOf(directory, project),
  ];
  const options = { cwd: directory, timeout: milliseconds(config.timeout) };
  const report = parseAnswer(await runTool(world, argv, options, INSTALL), argv);
  const version = await runTool(world, [program, '--version'], options, INSTALL);
  const tool = {
    tool: 'pip-audit',
    toolVersion: version.stdout.trim().split(' ').at(-1) ?? null,
    database: osvUrl ? `OSV at ${new URL(osvUrl).host}` : 'PyPI',
  };
  const path = pipReport(reports);
  await writeReport(world.root, path, withOrigin(report, tool, world.clock, config.validFor));
  return { path, summary: `pip-audit: ${summaryOf(report)}` };
}

/** That of the project's Python, of the workspace's, else of the PATH. */
function findPipAudit(root: string, project: string): string {
  const folders = ['.venv', 'venv'].flatMap((name) => [project, '.'].map((folder) => join(root, folder, name)));
  const programs = folders.flatMap((folder) => [join(folder, 'bin/pip-audit'), join(folder, 'Scripts/pip-audit.exe')]);
  return programs.find((path) => existsSync(path)) ?? 'pip-audit';
}

function sourceOf(directory: string, project: string): string[] {
  if (existsSync(join(directory, 'requirements.txt'))) return ['--requirement', 'requirements.txt'];
  const folder = join(directory, 'requirements');
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.txt')) : [];
  const shipped = files.filter((name) => !FOR_DEVELOPMENT.test(name)).sort();
  if (shipped.length > 0) return shipped.flatMap((name) => ['--requirement', posix.join('requirements', name)]);
  const description = join(directory, 'pyproject.toml');
  if (existsSync(description) && /^\s*\[project\]/m.test(readFileSync(description, 'utf8'))) return ['.'];
  throw new ProducerError(
    `${project} has no requirements.txt, requirements/*.txt or [project] in pyproject.toml to audit`,
    'write its requirements down: pip freeze > requirements.txt; or set "audit": false for the project in slipway.json',
  );
}

function summaryOf(report: Record<string, unknown>): string {
  const parsed = shape.safeParse(report);
  if (!parsed.success) return 'a report of another shape';
  const { dependencies } = parsed.data;
  const found = dependencies.reduce((sum, { vulns }) => sum + (vulns?.length ?? 0), 0);
  const skipped = dependencies.filter(({ skip_reason }) => skip_reason !== undefined).length;
  const unasked = skipped === 0 ? '' : `, ${skipped} could not be audited`;
  return `${found === 0 ? 'no known vulnerability' : `${found} known ${found === 1 ? 'vulnerability' : 'vulnerabilities'}`} in ${dependencies.length} packages${unasked}`;
}
