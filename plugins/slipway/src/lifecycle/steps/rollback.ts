import { rollback as rollBack } from '../../deploy/rollback';
import { verifyAfterRollback } from '../../verify/verify-release';
import { result, type Step } from '../context';
import { refusalOf, unmetOf } from '../preconditions';
import { readSituation } from '../situation';
import { STEPS } from '../steps';
import { environmentStep } from './environment-step';

export interface RollbackOptions {
  readonly env?: string;
  readonly to?: string;
  readonly reason?: string;
}

/** Goes back to the last verified release of an environment, or to the one named, by digest. Needs no clean tree and no gate. */
export const rollback: Step<RollbackOptions> = async (context, { env = '', to, reason }) => {
  const situation = await readSituation(context);
  const problems = unmetOf(STEPS.rollback.preconditions, { context, situation, environment: env });
  if (problems.length > 0) return result(refusalOf(problems), { environment: env });
  const { driver, commands, config } = environmentStep(context, env);
  const outcome = await rollBack({
    world: context.world,
    ledger: context.ledger,
    environment: env,
    commands,
    driver,
    ...(to === undefined ? {} : { to: to.replace(/^v/, '') }),
    automatic: false,
    verify: verifyAfterRollback(config),
    reason: reason ?? 'asked for',
    dryRun: context.dryRun,
  });
  return result(outcome, { environment: env });
};
