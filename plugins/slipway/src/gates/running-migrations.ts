import { posix } from 'node:path';
import type { GatesConfig } from '../config/schema';
import type { Migration } from '../reports/report';
import type { CheckResult, Finding } from './check';
import { declaration } from './migrations';

const CHECK = 'migrations';

/** A release that serves while the new one is deployed. */
export interface RunningRelease {
  readonly environment: string;
  readonly version: string;
  /** Whether a file, by its path relative to the workspace, is part of it. */
  readonly holds: (path: string) => boolean;
}

export interface MigratedProject {
  /** Nx name. */
  readonly name: string;
  /** Relative to the workspace. */
  readonly root: string;
  readonly policy: GatesConfig['migrations'];
  readonly migrations: readonly Migration[];
}

/**
 * Whether the running release can work with the database as the new one leaves it: while containers are replaced, and after a rollback, which
 * reverses no migration.
 */
export function judgeRunningMigrations(running: RunningRelease, projects: readonly MigratedProject[]): CheckResult {
  const added = projects.flatMap((project) =>
    project.migrations
      .filter((migration) => isNew(migration, project, running))
      .map((migration) => ({ project, migration })),
  );
  const breaking = added.filter(({ migration }) => migration.incompatible.length > 0);
  const open = breaking.filter(({ project, migration }) => !Object.hasOwn(project.policy.incompatible, migration.name));
  const where = `${running.version}, which ${running.environment} runs`;
  const declared = breaking.length - open.length;
  const base = { check: CHECK, measured: open.length, limit: 0, unit: 'count' } as const;
  if (open.length > 0) {
    const names = open.map(({ migration }) => migration.name).join(', ');
    return {
      ...base,
      verdict: 'fail',
      reason: `${names} would break ${where}: split it into a release that expands and one that contracts, or declare it`,
      findings: open.map(({ project, migration }) => finding(project, migration)),
    };
  }
  const fine = declared === 0 ? 'can work with each' : `can work with each but ${declared} that are declared`;
  return {
    ...base,
    verdict: 'pass',
    reason: added.length === 0 ? `no migration is new to ${where}` : `${added.length} new to ${where}; it ${fine}`,
    findings: [],
  };
}

/** A squashed migration brings nothing where the running release has all that it stands for. */
function isNew({ file, replaces }: Migration, { root }: MigratedProject, { holds }: RunningRelease): boolean {
  if (file === null) return true;
  const path = posix.join(root, file);
  if (holds(path)) return false;
  const folder = posix.dirname(path);
  const stoodFor = replaces.map((name) => posix.join(folder, `${name.slice(name.indexOf('.') + 1)}.py`));
  return stoodFor.length === 0 || !stoodFor.every(holds);
}

function finding({ name, root }: MigratedProject, migration: Migration): Finding {
  return {
    title: `${migration.name} breaks the running release`,
    ...(migration.file === null ? {} : { file: posix.join(root, migration.file) }),
    detail: migration.incompatible.join('; '),
    fix: `release first what works with both, then this; or say why it is fine: ${declaration(name, 'incompatible', migration.name)}`,
    fingerprint: `${CHECK}:incompatible:${migration.name}`,
  };
}
