import type { BackupRecord, DeployedRelease, MigrationMove } from '../../ledger/events';
import type { Refusal } from '../../ledger/outcome';

/** One migration that is pending, or would be reversed. */
export interface MigrationStep {
  /** E.g. `tickets.0003_backfill`. */
  readonly name: string;
  /** Null where the preset can't tell before it runs. */
  readonly reversible: boolean | null;
  /**
   * `expand`: the release before runs with it as well; `contract`: it takes away what an older one needs; `unknown`: nobody declared or
   * recognised it.
   */
  readonly effect: 'expand' | 'contract' | 'unknown';
  /** Why it can't be reversed, or what an older release misses; fit for a message. */
  readonly notes?: readonly string[];
}

export interface MigrationPlan {
  /** Applied now, read from the database itself; oldest first. */
  readonly applied: readonly string[];
  /** In the order in which they would be run. */
  readonly steps: readonly MigrationStep[];
  /** Applied, but not in the image that was asked: a newer release brought them. */
  readonly unknown?: readonly string[];
  /** Set where the database is still to be made: all migrations will be run, though nobody can name them before there is one. */
  readonly isNew?: true;
}

/** What is to be moved, told from the newer image, because an older one knows nothing of newer migrations. */
export interface Reversal {
  /** Release whose image holds every migration that is applied now. */
  readonly from: DeployedRelease;
  /** Applied migrations to go back to, oldest first. */
  readonly to: readonly string[];
}

export interface GuardedOptions {
  /** Asked before each side effect. @throws {FenceLostError} or {StoppedError}. */
  readonly guard: () => Promise<void>;
}

/**
 * In which order schema and application move, so that what serves always finds the schema it needs:
 *
 * - Deploying: schema first, from the new image, while the old release serves. Steps that expand are no matter to it; the gate `migrations`
 *   has refused one that contracts, or a person has said why it is fine.
 * - Rolling back the application alone needs no database step where every step since was `expand`.
 * - Rolling back the schema too: `reversalOrder` (reversal-order.ts). It takes away columns and tables with what was written to them since: take a
 *   backup first.
 * - Restoring a backup: application stopped, restore, older application started.
 */

/** The schema of an environment's database. Every answer is read from the database, none from a file. */
export interface Migrations {
  /** Applied migrations, oldest first; empty where the database is new. @throws {DatabaseError} */
  applied(release: DeployedRelease): Promise<readonly string[]>;
  /** What migrating to `release` would do. Changes nothing. @throws {DatabaseError} */
  plan(release: DeployedRelease): Promise<MigrationPlan>;
  /** Idempotent, and cheap where nothing is pending; reads back what is applied afterwards. @throws {DatabaseError} */
  migrate(release: DeployedRelease, options: GuardedOptions): Promise<MigrationMove>;
  /** What going back would do; `refusals` where it can't be done, e.g. an irreversible step. Changes nothing. */
  planReversal(reversal: Reversal): Promise<{ readonly plan: MigrationPlan; readonly refusals: readonly Refusal[] }>;
  /** Reads back what is applied afterwards and compares. @throws {DatabaseError} */
  reverse(reversal: Reversal, options: GuardedOptions): Promise<MigrationMove>;
}

export interface Backups {
  /**
   * Dumps to a file on this host (mode 0600), checksums it, and restores it into a scratch database where configured. A dump that was
   * cut off leaves no file behind. Older ones beyond `keep` are removed, but none that `needed` names.
   */
  take(id: string, options: GuardedOptions & { readonly needed: ReadonlySet<string> }): Promise<BackupRecord>;
  /** The backups on this host whose checksum still holds, newest first. */
  list(): Promise<readonly BackupRecord[]>;
  /** Puts the backup in the place of the data. Services that use it must be stopped before. @throws {DatabaseError} */
  restore(backup: BackupRecord, options: GuardedOptions): Promise<void>;
  /** Bytes that a backup needs at most, as far as the database tells; null where it does not. */
  estimate(): Promise<number | null>;
}

/** What an environment's `database` section configures; null for what it does not. */
export interface Database {
  /**
   * Whether the environment has no database yet: nothing of it runs and no volume holds data. Then `applied` is empty and there is nothing
   * to back up; `migrate` starts what the service depends on. Touches nothing. @throws {EngineError}
   */
  isNew(release: DeployedRelease): Promise<boolean>;
  /** Which deployments take a backup first. */
  readonly when: 'always' | 'migrations';
  readonly migrations: Migrations | null;
  readonly backups: Backups | null;
}

/** The database, or the tool that moves it, could not do what was asked. Its message holds no secret. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  constructor(
    message: string,
    readonly remedy: string,
    /** Whether data or schema may have been changed. */
    readonly touched: boolean,
  ) {
    super(message);
  }
}
