import type { DeployedRelease } from '../../ledger/events';
import type { Outcome } from '../../ledger/outcome';
import type { EnvironmentState, StepRecord } from '../../ledger/state';
import type { MigrationPlan } from '../database/database';
import type { Driver, RunningService } from '../drivers/driver';
import type { VerifyAfter } from '../rollback';
import { record, type Session } from '../session';

/** One deployment that is under way. */
export interface Deployment {
  readonly session: Session;
  readonly driver: Driver;
  readonly release: DeployedRelease;
  /** Its id. */
  readonly id: string;
  /** The environment before it. */
  readonly state: EnvironmentState;
  readonly before: readonly RunningService[];
  /** What is applied, byte for byte what its anchor holds; null where the driver renders none. */
  readonly description: string | null;
  /** What of the schema is pending; null where there is no schema. */
  readonly migrations: MigrationPlan | null;
  /** Whether there was no database before it. */
  readonly isNew: boolean;
  /** Measures the release that an automatic rollback brought back. */
  readonly verify: VerifyAfter | undefined;
  /** Whether it changed the schema. Set by the step that does, before it does. */
  migrated: boolean;
}

/** What the ledger holds of a step of this deployment, from this run or one that was cut off; null where it never began. */
export function recordedStep({ state, id }: Deployment, step: StepRecord['step']): StepRecord | null {
  const own = state.history.findLast(({ kind, deployment }) => kind === 'deploy' && deployment === id);
  return own?.steps.findLast((known) => known.step === step) ?? null;
}

/** Writes how a deployment ended, which frees the lock. */
export async function conclude(
  { session, release, id }: Pick<Deployment, 'session' | 'release' | 'id'>,
  outcome: Outcome,
  reason: string,
  services: DeployedRelease['services'] = {},
): Promise<Outcome> {
  const { version } = release;
  const body = { version, deployment: id, outcome: outcome.kind, services, reason };
  await record(session, { kind: 'deploy.outcome', ...body }, { last: true });
  return outcome;
}
