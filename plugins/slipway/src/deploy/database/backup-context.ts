import type { World } from '../../io/world';
import type { Driver } from '../drivers/driver';

/** What every way of backing up needs. */
export interface BackupContext {
  readonly world: Pick<World, 'root' | 'clock' | 'log'>;
  readonly driver: Driver;
  /** Name of the environment. */
  readonly environment: string;
  /** Running service in which the tools are executed. */
  readonly service: string;
  /** How many backups stay on this host. */
  readonly keep: number;
  /** Milliseconds that one dump or restore may take. */
  readonly timeout: number;
  /** What a person runs to try again. */
  readonly retry: string;
  /** Values that never appear in a message. */
  readonly secrets: () => Promise<readonly string[]>;
  /** The environment's files of variables. */
  readonly variables: () => Promise<ReadonlyMap<string, string>>;
}
