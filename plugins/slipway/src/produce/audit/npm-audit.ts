import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { z } from 'zod';
import { milliseconds } from '../../deploy/duration';
import { ProducerError } from '../producer-error';
import { withOrigin, writeReport } from '../report-file';
import type { AuditContext, Audited } from './audited';
import { parseAnswer, runTool } from './run-tool';

/** Package managers whose audit gives one JSON object, by their lock file. */
const MANAGERS = {
  'package-lock.json': 'npm',
  'npm-shrinkwrap.json': 'npm',
  'pnpm-lock.yaml': 'pnpm',
} as const;
type Manager = (typeof MANAGERS)[keyof typeof MANAGERS];

interface Lock {
  readonly manager: Manager;
  /** Folder of the lock file, relative to the workspace. */
  readonly folder: string;
}

const manifest = z.object({ name: z.string().optional() });
/** All that is looked at here: what the report means is for its reader. */
const counts = z.object({ metadata: z.object({ vulnerabilities: z.record(z.string(), z.number()) }) });

export function npmReport(reports: string): string {
  return posix.join(reports, 'npm-audit.json');
}

/**
 * Asks the registry's advisories about a project's production dependencies. What only development needs (`devDependencies`)
 * never reaches whoever uses the release, so it is left out.
 * A registry's refusal is written as the report that it is, so that the gate can tell it in the registry's own words.
 *
 * @throws {ProducerError} where there is no lock file to go by, or the tool gives no JSON.
 */
export async function npmAudit({ world, project, reports, config }: AuditContext): Promise<Audited> {
  const { manager, folder } = findLock(world.root, project);
  const argv = await auditCommand(world.root, project, manager, folder);
  const cwd = join(world.root, manager === 'pnpm' ? project : folder);
  const options = { cwd, timeout: milliseconds(config.timeout) };
  const install = `install ${manager}, so that it is on the PATH`;
  const report = parseAnswer(await runTool(world, argv, options, install), argv);
  const version = await runTool(world, [manager, '--version'], options, install);
  const tool = { tool: `${manager} audit`, toolVersion: version.stdout.trim() || null };
  const path = npmReport(reports);
  await writeReport(world.root, path, withOrigin(report, tool, world.clock, config.validFor));
  return { path, summary: `${tool.tool}: ${summaryOf(report)}` };
}

async function auditCommand(
  root: string,
  project: string,
  manager: Manager,
  folder: string,
): Promise<[string, ...string[]]> {
  if (manager === 'pnpm') return ['pnpm', 'audit', '--json', '--prod'];
  // A .npmrc may switch audits off, which is meant for installs: asked for by name it has to run.
  const argv: [string, ...string[]] = ['npm', 'audit', '--json', '--omit=dev', '--audit=true', '--package-lock-only'];
  if (folder === project) return argv;
  const file = posix.join(project, 'package.json');
  const { name } = manifest.parse(JSON.parse(await readFile(join(root, file), 'utf8')));
  if (name === undefined)
    throw new ProducerError(`${file} has no name, by which npm could audit it in its workspace`, 'give it a name');
  return [...argv, `--workspace=${name}`];
}

/** In the project, else in a folder above it: there the lock file of a workspace lies. */
function findLock(root: string, project: string): Lock {
  for (let folder = project; ; folder = posix.dirname(folder)) {
    for (const [file, manager] of Object.entries(MANAGERS))
      if (existsSync(join(root, folder, file))) return { manager, folder };
    if (folder === '.') break;
  }
  const yarn = [project, '.'].some((folder) => existsSync(join(root, folder, 'yarn.lock')));
  throw new ProducerError(
    `${project} has no package-lock.json, npm-shrinkwrap.json or pnpm-lock.yaml to audit`,
    yarn
      ? `let a target of the project leave the audit of another tool in ${posix.join(project, 'reports/audit')}, name it in "producers", and set "audit": false, in slipway.json`
      : 'npm install --package-lock-only, and commit the file; or set "audit": false for the project in slipway.json',
  );
}

function summaryOf(report: Record<string, unknown>): string {
  const parsed = counts.safeParse(report);
  if (!parsed.success) return 'it could not audit, and says why in its report';
  const found = Object.entries(parsed.data.metadata.vulnerabilities).filter(([key, n]) => key !== 'total' && n > 0);
  return found.length === 0 ? 'no known vulnerability' : found.map(([severity, n]) => `${n} ${severity}`).join(', ');
}
