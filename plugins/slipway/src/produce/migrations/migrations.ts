import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { z } from 'zod';
import type { migrations as migrationsConfig } from '../../config/producers';
import { milliseconds } from '../../deploy/duration';
import { RunError } from '../../io/exec';
import type { World } from '../../io/world';
import { MIGRATIONS_FORMAT } from '../../reports/slipway-migrations';
import { ProducerError } from '../producer-error';
import { removeReport, withOrigin, writeReport } from '../report-file';

export interface MigrationsContext {
  readonly world: Pick<World, 'root' | 'run' | 'clock'>;
  /** Root of the project relative to the workspace. */
  readonly project: string;
  /** Folder of the reports, relative to the workspace. */
  readonly reports: string;
  readonly config: z.output<typeof migrationsConfig>;
  /** Program and arguments that run the project's Python; null to look for it. */
  readonly python: readonly string[] | null;
}

export function migrationsReport(reports: string): string {
  return posix.join(reports, 'migrations.json');
}

const answer = z.object({
  models: z.number(),
  missing: z.array(z.string()),
  migrations: z.array(z.object({ irreversible: z.array(z.string()), incompatible: z.array(z.string()) }).loose()),
  django: z.string(),
});

/**
 * Asks the project's own Django about its migrations. No database is needed.
 * @throws {ProducerError} where Python, Django, the settings or the migrations can't be loaded: there is no report then.
 */
export async function inspectMigrations(context: MigrationsContext): Promise<{ path: string; summary: string }> {
  const { world, reports } = context;
  const path = migrationsReport(reports);
  await removeReport(world.root, path);
  const scratch = await mkdtemp(join(tmpdir(), 'slipway-migrations-'));
  try {
    const file = join(scratch, 'migrations.json');
    await runInspection(context, file);
    const { django, ...report } = answer.parse(JSON.parse(await readFile(file, 'utf8')));
    const tool = { tool: 'Django', toolVersion: django };
    await writeReport(
      world.root,
      path,
      withOrigin({ format: MIGRATIONS_FORMAT, version: 1, ...report }, tool, world.clock),
    );
    const missing =
      report.missing.length === 0 ? 'no change without one' : `${report.missing.length} changes without one`;
    return { path, summary: `Django ${django}: ${report.migrations.length} migrations, ${missing}` };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function runInspection({ world, project, config, python }: MigrationsContext, file: string): Promise<void> {
  const [program, ...args] = python ?? [findPython(world.root, project)];
  if (program === undefined) throw new TypeError('Python is an empty list');
  const argv: [string, ...string[]] = [program, ...args, join(__dirname, 'inspect_migrations.py'), file];
  const settings = config.settings === undefined ? {} : { DJANGO_SETTINGS_MODULE: config.settings };
  const name = `"python": ["path/to/python"]`;
  try {
    const { exitCode, stderr } = await world.run(argv, {
      cwd: join(world.root, project),
      // Beside the script lies the plugin, where nothing is to be written.
      env: { PYTHONDONTWRITEBYTECODE: '1', PYTHONIOENCODING: 'utf-8', ...settings },
      timeout: milliseconds(config.timeout),
    });
    if (exitCode === 0) return;
    const said = stderr.trim().split('\n').at(-1) ?? '';
    throw new ProducerError(
      `Django could not be asked about the migrations of ${project} (exit ${exitCode})${said === '' ? '' : `: ${said}`}`,
      `see for yourself: cd ${project} && ${[program, ...args].join(' ')} manage.py makemigrations --check; other settings are chosen by "migrations": { "settings": "…" }, another Python by ${name}, in slipway.json`,
    );
  } catch (error) {
    if (!(error instanceof RunError) || error.failure === 'stopped') throw error;
    throw new ProducerError(
      error.message,
      error.failure === 'timedOut'
        ? 'run it again, or give it longer: "migrations": { "timeout": "5m" } in slipway.json'
        : `install Python with the project's requirements, or name it in slipway.json: ${name}`,
    );
  }
}

/** That of the project, of the workspace, else of the PATH. */
function findPython(root: string, project: string): string {
  const folders = [project, '.'].flatMap((folder) => ['.venv', 'venv'].map((name) => join(root, folder, name)));
  const programs = folders.flatMap((folder) => [join(folder, 'bin/python'), join(folder, 'Scripts/python.exe')]);
  return programs.find((path) => existsSync(path)) ?? (process.platform === 'win32' ? 'python' : 'python3');
}
