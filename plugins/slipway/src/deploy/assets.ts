import type { EnvironmentConfig } from '../config/schema';
import type { World } from '../io/world';
import type { DeployedRelease } from '../ledger/events';
import type { AnchorStore } from './anchor/anchor';
import { createAnchorStore } from './anchor/anchor-store';
import { createDatabase } from './database/create-database';
import type { Database } from './database/database';
import type { Driver } from './drivers/driver';

/** What an environment has besides its containers, and what deployments keep of it on this host. */
export interface Assets {
  readonly anchors: AnchorStore;
  /** Null where none is configured. */
  readonly database: Database | null;
  readonly envFiles: EnvironmentConfig['envFiles'];
  /** Service whose image holds the migrations; null where none does. */
  readonly migrationService: string | null;
  /** Services of a release that use the database: they are stopped while nothing may write to it. */
  readonly databaseUsers: (release: DeployedRelease) => readonly string[];
}

export interface AssetsOptions {
  readonly world: World;
  readonly driver: Driver;
  /** Name of the environment. */
  readonly environment: string;
  readonly config: EnvironmentConfig;
  /** What a person runs to try again what failed. */
  readonly retry: string;
}

/** Touches nothing. */
export function createAssets(options: AssetsOptions): Assets {
  const { world, environment, config } = options;
  const migrationService = config.database?.migrations?.service ?? null;
  return {
    anchors: createAnchorStore(world.root, environment),
    database: createDatabase(options),
    envFiles: config.envFiles,
    migrationService,
    databaseUsers: ({ services }) => usersOf(services, migrationService, config.database?.backup?.service ?? null),
  };
}

/** Everything that runs the image with the migrations, e.g. workers too; where nobody says which one, all but the database itself. */
function usersOf(
  services: DeployedRelease['services'],
  migrations: string | null,
  database: string | null,
): readonly string[] {
  const others = Object.keys(services).filter((service) => service !== database);
  if (migrations === null) return others;
  return others.filter((service) => services[service] === services[migrations]);
}
