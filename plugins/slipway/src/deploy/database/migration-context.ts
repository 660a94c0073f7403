import type { DeployedRelease } from '../../ledger/events';
import type { Driver } from '../drivers/driver';

/** What every way of moving migrations needs. */
export interface MigrationContext {
  readonly driver: Driver;
  /** Name of the environment. */
  readonly environment: string;
  /** Service whose image holds the migrations. */
  readonly service: string;
  /** Milliseconds that one run may take. */
  readonly timeout: number;
  /** What a person runs to try again. */
  readonly retry: string;
  /** Values that never appear in a message. */
  readonly secrets: () => Promise<readonly string[]>;
  /** Whether the environment has no database yet. */
  readonly isNew: (release: DeployedRelease) => Promise<boolean>;
  /** Whether nothing of the environment runs, so that what the service depends on has to be started. */
  readonly isIdle: () => Promise<boolean>;
  /** Image id of the service in a release. @throws {DatabaseError} where it has none. */
  readonly imageOf: (release: DeployedRelease) => string;
}
