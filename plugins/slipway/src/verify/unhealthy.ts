import type { EnvironmentConfig } from '../config/schema';
import type { Driver } from '../deploy/drivers/driver';
import { rollBackTo } from '../deploy/rollback';
import { rollbackTarget, undoneDeployment } from '../deploy/rollback-target';
import { targetRefusals } from '../deploy/rollback/target-refusals';
import type { Session } from '../deploy/session';
import type { Outcome } from '../ledger/outcome';
import type { CurrentRelease, EnvironmentState } from '../ledger/state';
import { verifyAfterRollback } from './verify-after-rollback';

export interface UnhealthyRequest {
  readonly driver: Driver;
  readonly config: EnvironmentConfig;
  /** Default: what the environment's configuration says. */
  readonly onUnhealthy?: 'rollback' | 'hold';
}

/** Rolls back what is unhealthy, under the lock that is held already, or holds it where configuration says so or nothing is left to go to. */
export async function answerUnhealthy(
  session: Session,
  request: UnhealthyRequest,
  state: EnvironmentState,
  current: CurrentRelease,
  why: string,
): Promise<Outcome> {
  const { environment, commands } = session;
  const { driver, config } = request;
  const reason = `${current.version} is unhealthy in ${environment}: ${why}`;
  const hold = (extra: string, remedy = commands.rollback): Outcome => ({
    kind: 'failed',
    reason: `${reason}${extra}`,
    remedy,
  });
  if (request.onUnhealthy === 'hold' && config.verify.onUnhealthy !== 'hold') return hold('; it is held, as asked for');
  if ((request.onUnhealthy ?? config.verify.onUnhealthy) === 'hold') return hold('; it is held, by configuration');
  const to = rollbackTarget(state, current);
  if (to === null)
    return hold(
      '; no other release was verified there, so there is none to go back to',
      `mend what the probes found, then verify again: ${commands.verify}; or deploy it anew: ${commands.deploy} --retry`,
    );
  const refusals = await targetRefusals(session, driver, state, to);
  if (refusals.length > 0)
    return hold(`; it can't be rolled back to ${to.version}: ${refusals.map((item) => item.reason).join('; ')}`);
  return rollBackTo(
    session,
    { driver, automatic: true, reason, verify: verifyAfterRollback(config, driver) },
    { to, leaving: current, deployment: undoneDeployment(state, current) },
  );
}
