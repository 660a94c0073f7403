import type { DeployedRelease, Health } from '../ledger/events';
import type { Outcome, Refusal } from '../ledger/outcome';
import { foldEnvironment, type EnvironmentState } from '../ledger/state';
import { applyUnderFence, newDeployment, problemsOf, showServices } from './apply';
import type { Driver } from './drivers/driver';
import { runningDigests, sameRelease, serves } from './read-back';
import { leavingRelease, namedTarget, rollbackTarget, undoneDeployment } from './rollback-target';
import { record, withLock, type Session, type Step } from './session';

/** Measures a release after a rollback to it, and records what it finds. */
export type VerifyAfter = (
  session: Session,
  release: DeployedRelease,
  deployment: string,
) => Promise<{ readonly health: Health; readonly reason: string }>;

export interface RollbackRequest extends Step {
  readonly driver: Driver;
  /** Version to go back to. Default: the last verified release that is not the one being left. */
  readonly to?: string;
  readonly automatic: boolean;
  readonly reason: string;
  readonly verify?: VerifyAfter;
  readonly dryRun?: boolean;
}

const LOCK_MARGIN = 10 * 60_000;

/**
 * Brings back a release that was verified in this environment, by its digests and with the compose file of its commit.
 * An automatic rollback ends in `rolledBack` (the release failed), one that was asked for in `done`.
 */
export async function rollback(request: RollbackRequest): Promise<Outcome> {
  const { driver, environment, commands } = request;
  if (request.dryRun === true) {
    const plan = await planRollback(request, foldEnvironment(await request.ledger.read(environment)));
    if (plan.kind === 'refused') return plan;
    return { kind: 'wouldDo', summary: `roll ${environment} back to ${plan.to.version} (${showServices(plan.to)})` };
  }
  const lock = { reason: 'rollback', command: commands.rollback, ttl: driver.patience + LOCK_MARGIN };
  return withLock(request, lock, async (session) => {
    const state = foldEnvironment(await session.ledger.read(environment));
    const plan = await planRollback(request, state);
    if (plan.kind === 'refused') return plan;
    const { to, leaving } = plan;
    const settled = state.unfinished === null && state.doubt === null && state.current !== null;
    if (settled && sameRelease(state.current, to) && serves(to, to.services, await driver.current())) {
      return { kind: 'alreadyDone', summary: `${environment} serves ${to.version} (${showServices(to)})` };
    }
    return rollBackTo(session, request, { to, leaving, deployment: undoneDeployment(state, leaving) });
  });
}

type RollbackPlan =
  | { readonly kind: 'planned'; readonly to: DeployedRelease; readonly leaving: DeployedRelease | null }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

/** Where to go back to, and whether its images and configuration are there. Touches nothing. */
async function planRollback(request: RollbackRequest, state: EnvironmentState): Promise<RollbackPlan> {
  const { environment, driver } = request;
  const { unfinished } = state;
  const leaving = leavingRelease(state);
  const refuse = (refusals: readonly Refusal[]): RollbackPlan => ({ kind: 'refused', refusals });
  // One that was cut off is gone on with, unless another one is asked for.
  const resumed = unfinished?.kind === 'rollback.intent' ? unfinished.to : null;
  const found =
    request.to !== undefined
      ? namedTarget(state, environment, request.to)
      : (resumed ?? rollbackTarget(state, leaving));
  if (found === null) {
    return refuse([
      {
        id: 'rollbackTarget',
        reason: `no other release was verified in ${environment}, so there is none to go back to`,
        remedy: 'deploy a release that is healthy',
      },
    ]);
  }
  if ('remedy' in found) return refuse([found]);
  const { refusals } = await driver.inspect(found);
  return refusals.length > 0 ? refuse(refusals) : { kind: 'planned', to: found, leaving };
}

export interface RollbackTask {
  readonly to: DeployedRelease;
  readonly leaving: DeployedRelease | null;
  /** The deployment that is undone; a new id where none stands for it. */
  readonly deployment: string | null;
}

/** The rollback itself, under a lock that is held already. Its preconditions are the caller's. */
export async function rollBackTo(
  session: Session,
  request: Pick<RollbackRequest, 'driver' | 'automatic' | 'reason' | 'verify'>,
  task: RollbackTask,
): Promise<Outcome> {
  const { environment, commands, world } = session;
  const { driver, automatic, reason } = request;
  const { to } = task;
  const version = task.leaving?.version ?? to.version;
  const deployment = task.deployment ?? newDeployment(to.version);
  const names = Object.keys(to.services);
  await session.lock.check();
  const before = runningDigests(await driver.current(), names);
  await record(session, { kind: 'rollback.intent', version, deployment, to, services: before, automatic, reason });
  world.log.info(`Rolling ${environment} back to ${to.version}: ${reason}`);
  const result = await applyUnderFence(session, driver, to);
  const finish = async (outcome: Outcome, why: string, services = {}): Promise<Outcome> => {
    await record(session, {
      kind: 'rollback.outcome',
      version,
      deployment,
      outcome: outcome.kind,
      to: to.version,
      services,
      reason: why,
    });
    return outcome;
  };
  if (result.kind === 'unknown') {
    const why = `${reason}; the rollback to ${to.version} is unfinished: ${result.reason}`;
    return finish({ kind: 'unknown', reason: why, findOut: commands.status }, why);
  }
  const services = runningDigests(result.running, names);
  if (result.kind === 'unhealthy') {
    const why = `${reason}; the rollback to ${to.version} failed: ${problemsOf(result)}`;
    return finish({ kind: 'mixed', reason: why, remedy: commands.rollback }, why, services);
  }
  const ok: Outcome = automatic
    ? { kind: 'rolledBack', to: to.version, reason }
    : { kind: 'done', summary: `${environment} serves ${to.version} again (${showServices(to)})` };
  await finish(ok, reason, services);
  if (request.verify === undefined) return ok;
  const after = await request.verify(session, to, deployment);
  if (after.health === 'healthy') return ok;
  const why = `${reason}; ${to.version} was brought back and is ${after.health === 'unhealthy' ? 'unhealthy too' : 'of unknown health'}: ${after.reason}`;
  return after.health === 'unhealthy'
    ? { kind: 'mixed', reason: why, remedy: commands.rollback }
    : { kind: 'unknown', reason: why, findOut: commands.verify };
}
