import { deploy as deployRelease } from '../../deploy/deploy';
import { verifyAfterRollback } from '../../verify/verify-release';
import { result, type Step, type StepContext, type StepResult } from '../context';
import { admission } from '../admission';
import { tellAffected } from '../affected';
import { bypassNotes, tellLane } from '../emergency/tell-bypass';
import { affectedIn } from '../policy-status';
import { refusalOf } from '../preconditions';
import { readSituation } from '../situation';
import { STEPS } from '../steps';
import { environmentStep, ownEnvironment } from './environment-step';
import type { ChainOptions } from './plan';

export interface DeployOptions {
  /** Checked by the step itself: Nx would refuse without the next command. */
  readonly env?: string;
  /** Try a release again that failed here before. */
  readonly retry?: boolean;
}

export const deploy: Step<DeployOptions> = (context, { env = '', retry = false }) => deployTo(context, env, retry);

export const deployAtomised: Step<ChainOptions> = (context) =>
  deployTo(context, ownEnvironment(context, 'deploy'), false);

/** Deploys the release of the commit that is checked out, if everything that must hold before does hold. */
async function deployTo(context: StepContext, environment: string, retry: boolean): Promise<StepResult> {
  const situation = await readSituation(context);
  const preconditions = STEPS.deploy.preconditions.filter((id) => !(retry && id === 'notBad'));
  const admitted = admission({ context, situation, environment, preconditions });
  if (admitted.kind === 'refused')
    return result(refusalOf(admitted.problems), { environment }, bypassNotes(context, situation, environment));
  const affected = await affectedIn(context, situation, environment);
  const lines = affected === null ? [] : [`${environment} affected: ${tellAffected(affected)}`];
  if (admitted.kind === 'later')
    return result(
      { kind: 'wouldDo', summary: `deploy the release to ${environment}, after ${admitted.after.join(' and ')}` },
      { environment, affected },
      lines,
    );
  const { release, lane, held } = admitted;
  if (context.dryRun && held.length > 0)
    return result(
      { kind: 'wouldDo', summary: `leave ${environment} as it is: it serves ${release.version}` },
      { environment, release },
    );
  if (lane !== null) context.world.log.warn(tellLane(lane));
  for (const line of lines) context.world.log.info(line);
  const { config, driver, commands } = environmentStep(context, environment);
  const outcome = await deployRelease({
    world: context.world,
    ledger: context.ledger,
    environment,
    commands,
    driver,
    release,
    verify: verifyAfterRollback(config),
    dryRun: context.dryRun,
    held,
    ...(lane === null ? {} : { emergency: lane }),
  });
  return result(outcome, { environment, release, affected, bypass: lane?.bypass ?? null });
}
