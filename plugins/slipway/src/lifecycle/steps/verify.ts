import { verifyDeployment } from '../../verify/verify-release';
import { result, type Step, type StepContext, type StepResult } from '../context';
import { releaseAtHead } from '../at-head';
import { latestHealth } from '../deployment-checks';
import { forDryRun, refusalOf, unmetOf } from '../preconditions';
import { readSituation } from '../situation';
import { STEPS } from '../steps';
import { environmentStep, ownEnvironment } from './environment-step';
import type { ChainOptions } from './plan';

export interface VerifyOptions {
  readonly env?: string;
}

/** For people: measures again, whatever was measured before. */
export const verify: Step<VerifyOptions> = (context, { env = '' }) => verifyIn(context, env, true);

export const verifyAtomised: Step<ChainOptions> = (context) =>
  verifyIn(context, ownEnvironment(context, 'verify'), false);

async function verifyIn(context: StepContext, environment: string, again: boolean): Promise<StepResult> {
  const situation = await readSituation(context);
  const problems = unmetOf(STEPS.verify.preconditions, { context, situation, environment });
  const { after, real } = context.dryRun
    ? forDryRun(problems, context.target, context.config)
    : { after: [], real: problems };
  if (real.length > 0) return result(refusalOf(real), { environment });
  if (context.dryRun)
    return result(
      { kind: 'wouldDo', summary: `verify ${environment}${after.length > 0 ? `, after ${after.join(' and ')}` : ''}` },
      { environment },
    );
  const { config, driver, commands } = environmentStep(context, environment);
  // The chain verifies its own release; a person measures whatever serves.
  const version = again ? undefined : releaseAtHead(situation)?.version;
  const outcome = await verifyDeployment({
    world: context.world,
    ledger: context.ledger,
    environment,
    commands,
    driver,
    config,
    again,
    ...(version === undefined ? {} : { version }),
  });
  // After an automatic rollback the latest verification is that of what was brought back.
  return result(outcome, { environment, health: latestHealth(await context.ledger.read(environment)) });
}
