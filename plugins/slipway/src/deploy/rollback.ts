import type { DeployedRelease, Health, RollbackPart } from '../ledger/events';
import type { Outcome } from '../ledger/outcome';
import { foldEnvironment } from '../ledger/state';
import { showServices } from './apply';
import type { Driver } from './drivers/driver';
import { askEarly, withLockAndAnswers, type EarlyAnswers } from './early-answers';
import { sameRelease, serves } from './read-back';
import { anchoredRelease } from './rollback/anchored';
import { bringBack } from './rollback/bring-back';
import { chooseTarget } from './rollback/choose-target';
import { planRollback, type RollbackPlan, type RollbackWish } from './rollback/plan';
import { mustStop, planSchema, type SchemaPlan } from './rollback/schema-plan';
import { tellPlan } from './rollback/tell-plan';
import { LOCK_TTL, type Session, type Step } from './session';

/** Measures a release after a rollback to it, and records what it finds. */
export type VerifyAfter = (
  session: Session,
  release: DeployedRelease,
  deployment: string,
) => Promise<{ readonly health: Health; readonly reason: string }>;

export interface RollbackRequest extends Step, RollbackWish {
  readonly driver: Driver;
  /** Version to go back to. Default: the last verified release that is not the one being left. */
  readonly to?: string;
  readonly only?: RollbackPart;
  readonly automatic: boolean;
  readonly reason: string;
  /** As fast as is safe: what is there is not backed up before the schema goes back. */
  readonly emergency?: boolean;
  readonly verify?: VerifyAfter;
  readonly dryRun?: boolean;
  /** Why a lock that someone holds is broken. */
  readonly steal?: string;
  /** What runs this very rollback again, with its options. Default: the environment's rollback without any. */
  readonly again?: string;
}

/**
 * Brings back a release that was verified in this environment, byte for byte as it was put in place where this host holds its anchor; its
 * database; or its configuration. Tells its plan first.
 * An automatic rollback ends in `rolledBack` (the release failed), one that was asked for in `done`.
 */
export async function rollback(request: RollbackRequest): Promise<Outcome> {
  const { environment, commands, steal } = request;
  const tell = (plan: RollbackPlan): void => {
    const lines = tellPlan(environment, plan, request.driver.patience, request.world.clock);
    for (const line of lines) request.world.log.info(line);
  };
  if (request.dryRun === true) {
    const plan = await planRollback(request, request, foldEnvironment(await request.ledger.read(environment)));
    if (plan.kind === 'refused') return plan;
    tell(plan);
    return { kind: 'wouldDo', summary: `roll ${environment} back to ${plan.to.version} (${showServices(plan.to)})` };
  }
  const lock = { reason: 'rollback', command: request.again ?? commands.rollback, ttl: LOCK_TTL };
  const options = { ...lock, ...(steal === undefined ? {} : { steal }) };
  return withLockAndAnswers(
    request,
    () => askOfTarget(request),
    options,
    async (session, driver) => {
      const wish = { ...request, driver };
      const state = foldEnvironment(await session.ledger.read(environment));
      const plan = await planRollback(session, wish, state);
      if (plan.kind === 'refused') return plan;
      const { to, parts, schema } = plan;
      if (
        state.unfinished === null &&
        state.doubt === null &&
        state.current !== null &&
        sameRelease(state.current, to)
      ) {
        if (parts.join() === 'application' && serves(to, to.services, plan.running))
          return { kind: 'alreadyDone', summary: `${environment} serves ${to.version} (${showServices(to)})` };
        if (parts.join() === 'database' && schema.kind === 'none')
          return {
            kind: 'alreadyDone',
            summary: `the database of ${environment} is that of ${to.version}: ${schema.why}`,
          };
      }
      tell(plan);
      return bringBack(session, { ...wish, isLast: true }, state, plan);
    },
  );
}

/** Asks what it will ask of the release that it will most likely go back to. */
async function askOfTarget({
  driver,
  environment,
  ledger,
  assets,
  only,
  restore,
  to,
}: RollbackRequest): Promise<EarlyAnswers> {
  const state = foldEnvironment(await ledger.read(environment));
  const isOfApplication = (only === undefined || only === 'application') && restore === undefined;
  const target = isOfApplication ? chooseTarget(environment, state, to) : null;
  if (target === null || 'remedy' in target) return askEarly(driver, null);
  const { content } = await anchoredRelease(assets, state, target);
  return askEarly(driver, target, { description: content?.description });
}

export interface RollbackTask {
  readonly to: DeployedRelease;
  readonly leaving: DeployedRelease | null;
  /** The deployment that is undone; a new id where none stands for it. */
  readonly deployment: string | null;
}

/**
 * The rollback of a release that failed, under a lock that is held already: the application, and the database where the older release can't
 * run with it. Its preconditions are the caller's.
 */
export async function rollBackTo(
  session: Session,
  request: Pick<RollbackRequest, 'driver' | 'automatic' | 'reason' | 'verify'>,
  task: RollbackTask,
): Promise<Outcome> {
  const { driver } = request;
  const state = foldEnvironment(await session.ledger.read(session.environment));
  const [anchored, running] = await Promise.all([anchoredRelease(session.assets, state, task.to), driver.current()]);
  const question = { state, snapshot: anchored.id, leaving: task.leaving, when: 'asNeeded' } as const;
  const wanted = await planSchema(session.assets, question);
  // Nobody can be asked: better the older release on a schema that it may not like, said loudly, than nothing that serves.
  const schema = mustStop(wanted) && driver.stop === undefined ? leftRunning(driver) : wanted;
  const parts: readonly RollbackPart[] = schema.kind === 'reverse' ? ['application', 'database'] : ['application'];
  const plan: RollbackPlan = { kind: 'planned', parts, ...task, anchored, schema, configuration: null, running };
  for (const line of tellPlan(session.environment, plan, driver.patience, session.world.clock))
    session.world.log.info(line);
  return bringBack(session, request, state, plan);
}

function leftRunning({ name }: Driver): SchemaPlan {
  return { kind: 'left', why: `it can't be brought back while its users run, and ${name} can't stop them` };
}
