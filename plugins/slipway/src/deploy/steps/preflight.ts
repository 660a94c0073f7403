import type { DeployedRelease } from '../../ledger/events';
import type { Refusal } from '../../ledger/outcome';
import type { EnvironmentState } from '../../ledger/state';
import type { Assets } from '../assets';
import { DatabaseError, type MigrationPlan } from '../database/database';
import { backupRefusals, takesBackup } from './backup-room';
import type { Session } from '../session';

/** What probes say before anything is deployed; `warnings` do not stop it. */
export interface ProbeFindings {
  readonly refusals: readonly Refusal[];
  readonly warnings: readonly string[];
}

/** Asks every probe of what runs now; writes nothing. */
export type PreflightProbes = (state: EnvironmentState) => Promise<ProbeFindings>;

export interface Preflight {
  /** Why nothing may be deployed; empty where it may. */
  readonly refusals: readonly Refusal[];
  readonly migrations: MigrationPlan | null;
  /** Whether there is no database yet, so that nothing can be backed up. */
  readonly isNew: boolean;
}

interface Question {
  readonly assets: Assets | undefined;
  readonly release: DeployedRelease;
  readonly state: EnvironmentState;
  readonly probes: PreflightProbes | undefined;
}

/** Looks whether everything that a deployment will need is there: the database answers, a backup has room, probes can be asked. Touches nothing. */
export async function preflight(
  { world }: Pick<Session, 'world'>,
  { assets, release, state, probes }: Question,
): Promise<Preflight> {
  const [schema, found] = await Promise.all([
    planMigrations(assets, release),
    probes === undefined ? { refusals: [], warnings: [] } : probes(state),
  ]);
  for (const warning of found.warnings) world.log.warn(warning);
  const refusals = [...schema.refusals, ...found.refusals];
  if (refusals.length > 0) return { ...schema, refusals };
  const wanted = takesBackup(assets?.database ?? null, schema);
  return { ...schema, refusals: wanted ? await backupRefusals(world.root, assets?.database?.backups ?? null) : [] };
}

async function planMigrations(assets: Assets | undefined, release: DeployedRelease): Promise<Preflight> {
  const database = assets?.database ?? null;
  if (database === null) return { refusals: [], migrations: null, isNew: false };
  try {
    if (database.migrations === null) return { refusals: [], migrations: null, isNew: await database.isNew(release) };
    const migrations = await database.migrations.plan(release);
    return { refusals: [], migrations, isNew: migrations.isNew === true };
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const refusal = { id: 'database', reason: error.message, remedy: error.remedy };
    return { refusals: [refusal], migrations: null, isNew: false };
  }
}
