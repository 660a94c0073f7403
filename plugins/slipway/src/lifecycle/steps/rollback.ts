import { rollback as rollBack } from '../../deploy/rollback';
import type { RollbackPart } from '../../ledger/events';
import { LedgerError } from '../../ledger/ledger';
import type { Outcome } from '../../ledger/outcome';
import { verifyAfterRollback } from '../../verify/verify-after-rollback';
import { result, type Step, type StepContext } from '../context';
import { refusalOf, unmetOf } from '../preconditions';
import { readSituation, type Situation } from '../situation';
import { STEPS } from '../steps';
import { environmentStep } from './environment-step';
import { rollbackByHand } from './rollback-by-hand';

export interface RollbackOptions {
  readonly env?: string;
  readonly to?: string;
  readonly only?: RollbackPart;
  /** Id of a backup. */
  readonly restore?: string;
  readonly emergency?: boolean;
  readonly reason?: string;
  /** Why the lock is broken that somebody else holds. */
  readonly steal?: string;
}

/**
 * Goes back to the last verified release of an environment, or to the one named: application, database or configuration. Needs no clean
 * tree, no gate and no approval, and no freeze holds it up.
 */
export const rollback: Step<RollbackOptions> = async (context, { env = '', ...options }) => {
  const { to, only, restore, emergency = false, reason, steal } = options;
  const version = to?.replace(/^v/, '');
  const contradiction = contradictionIn(options);
  if (contradiction !== null) return result(contradiction, { environment: env });
  const situation = await situationOrOutage(context, emergency);
  if (situation instanceof LedgerError)
    return result(await rollbackByHand(context, env, situation, version), { environment: env });
  const problems = unmetOf(STEPS.rollback.preconditions, { context, situation, environment: env });
  if (problems.length > 0) return result(refusalOf(problems), { environment: env });
  const { driver, commands, config, assets } = environmentStep(context, env);
  const outcome = await rollBack({
    world: context.world,
    ledger: context.ledger,
    environment: env,
    commands,
    driver,
    assets,
    ...(version === undefined ? {} : { to: version }),
    ...(only === undefined ? {} : { only }),
    ...(restore === undefined ? {} : { restore }),
    ...(steal === undefined ? {} : { steal }),
    emergency,
    automatic: false,
    verify: verifyAfterRollback(config, driver),
    again: [commands.rollback, ...optionsAgain(options)].join(' '),
    reason: reason ?? (emergency ? 'emergency' : 'asked for'),
    dryRun: context.dryRun,
  });
  return result(outcome, { environment: env });
};

/** What decides what is rolled back, as a person types it. */
function optionsAgain({ to, only, restore, emergency }: RollbackOptions): readonly string[] {
  const named = Object.entries({ to, only, restore }).flatMap(([name, value]) => (value ? [`--${name}=${value}`] : []));
  return emergency === true ? [...named, '--emergency'] : named;
}

/** An emergency goes on where the ledger can't be reached: to tell what a person can do. */
async function situationOrOutage(context: StepContext, emergency: boolean): Promise<Situation | LedgerError> {
  try {
    return await readSituation(context);
  } catch (error) {
    if (emergency && error instanceof LedgerError) return error;
    throw error;
  }
}

function contradictionIn({ to, only, restore, emergency }: RollbackOptions): Outcome | null {
  const refused = (reason: string, remedy: string): Outcome => ({
    kind: 'refused',
    refusals: [{ id: 'options', reason, remedy }],
  });
  if (only !== undefined && emergency === true)
    return refused('--emergency rolls back what is needed, so --only says something else', 'leave one of them out');
  if (restore !== undefined && (to !== undefined || only === 'application' || only === 'configuration'))
    return refused(
      '--restore brings the database and the release that served then back together',
      'leave --to and --only out',
    );
  return null;
}
