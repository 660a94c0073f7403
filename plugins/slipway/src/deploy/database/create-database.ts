import type { EnvironmentConfig } from '../../config/schema';
import type { World } from '../../io/world';
import type { DeployedRelease } from '../../ledger/events';
import type { Driver } from '../drivers/driver';
import { milliseconds } from '../duration';
import { readEnvironmentFiles } from '../environment-files';
import { secretsOf } from '../sanitise';
import { createBackupCommands } from './backup-commands';
import { DatabaseError, type Backups, type Database, type Migrations } from './database';
import { createDjangoMigrations } from './django';
import type { MigrationContext } from './migration-context';
import { createMigrationCommands } from './migration-commands';
import { createPostgresBackups } from './postgres-backups';

export interface DatabaseOptions {
  readonly world: World;
  readonly driver: Driver;
  /** Name of the environment. */
  readonly environment: string;
  readonly config: EnvironmentConfig;
  /** What a person runs to try again what failed. */
  readonly retry: string;
}

/** The database of an environment as configured; null where it has none. Touches nothing. */
export function createDatabase(options: DatabaseOptions): Database | null {
  const { database } = options.config;
  if (database === undefined) return null;
  return {
    when: database.when,
    isNew: createIsNew(options, database.migrations?.service ?? database.backup?.service),
    migrations: createMigrations(options, database),
    backups: createBackups(options, database),
  };
}

type DatabaseConfig = NonNullable<EnvironmentConfig['database']>;

function createMigrations(options: DatabaseOptions, { migrations, timeout }: DatabaseConfig): Migrations | null {
  if (migrations === undefined) return null;
  const { driver, environment, retry } = options;
  const { service } = migrations;
  const context: MigrationContext = {
    driver,
    environment,
    service,
    retry,
    timeout: milliseconds(timeout),
    secrets: createSecrets(options),
    isNew: createIsNew(options, service),
    isIdle: async () => !(await driver.current()).some(({ running }) => running),
    imageOf: (release) => {
      const image = release.services[service];
      if (image !== undefined) return image;
      throw new DatabaseError(
        `${release.version} has no image of ${service}, which holds the migrations of ${environment}`,
        `correct environments.${environment}.database.migrations.service in slipway.json`,
        false,
      );
    },
  };
  if (migrations.preset === 'commands') return createMigrationCommands(context, migrations);
  const [program, ...args] = migrations.manage;
  if (program === undefined) throw new TypeError('database.migrations.manage is an empty list');
  return createDjangoMigrations({ ...context, manage: [program, ...args] });
}

function createBackups(options: DatabaseOptions, { backup, timeout }: DatabaseConfig): Backups | null {
  if (backup === undefined) return null;
  const { world, driver, environment, config, retry } = options;
  const context = {
    world,
    driver,
    environment,
    retry,
    service: backup.service,
    keep: backup.keep,
    timeout: milliseconds(timeout),
    secrets: createSecrets(options),
    variables: async () => (await readEnvironmentFiles(world.root, config.envFiles)).variables,
  };
  return backup.preset === 'commands' ? createBackupCommands(context, backup) : createPostgresBackups(context, backup);
}

function createIsNew({ driver }: DatabaseOptions, service: string | undefined) {
  return async (release: DeployedRelease): Promise<boolean> =>
    service !== undefined && driver.isNew !== undefined && driver.isNew(release, service);
}

function createSecrets({ world, config }: DatabaseOptions) {
  return async (): Promise<readonly string[]> =>
    secretsOf((await readEnvironmentFiles(world.root, config.envFiles)).variables);
}
