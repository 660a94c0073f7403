import { deploy as deployRelease } from '../../deploy/deploy';
import { freezeAt } from '../../freeze/freeze-at';
import { tellNext } from '../../freeze/tell-freeze';
import { preflightProbes } from '../../verify/preflight';
import { verifyAfterRollback } from '../../verify/verify-after-rollback';
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
  /** Why the lock is broken that somebody else holds. */
  readonly steal?: string;
}

export const deploy: Step<DeployOptions> = (context, { env = '', ...options }) => deployTo(context, env, options);

export const deployAtomised: Step<ChainOptions> = (context) => deployTo(context, ownEnvironment(context, 'deploy'), {});

/** Deploys the release of the commit that is checked out, if everything that must hold before does hold. */
async function deployTo(
  context: StepContext,
  environment: string,
  { retry = false, steal }: Omit<DeployOptions, 'env'>,
): Promise<StepResult> {
  const situation = await readSituation(context);
  const preconditions = STEPS.deploy.preconditions.filter((id) => !(retry && id === 'notBad'));
  const admitted = admission({ context, situation, environment, preconditions });
  if (admitted.kind === 'refused')
    return result(refusalOf(admitted.problems), { environment }, bypassNotes(context, situation, environment));
  const affected = await affectedIn(context, situation, environment);
  const { next } = freezeAt(context.config.environments[environment]?.freezes ?? [], situation.now);
  const lines = [
    ...(affected === null ? [] : [`${environment} affected: ${tellAffected(affected)}`]),
    ...(next === null ? [] : [`${environment} will be frozen: ${tellNext(next)}`]),
  ];
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
  const { config, driver, commands, assets } = environmentStep(context, environment);
  const { world } = context;
  const outcome = await deployRelease({
    world,
    ledger: context.ledger,
    environment,
    commands,
    driver,
    assets,
    release,
    verify: verifyAfterRollback(config, driver),
    probes: (state) => preflightProbes({ world, environment, config, driver, state, verifyCommand: commands.verify }),
    ...(steal === undefined ? {} : { steal }),
    dryRun: context.dryRun,
    held,
    ...(lane === null ? {} : { emergency: lane }),
  });
  return result(outcome, { environment, release, affected, bypass: lane?.bypass ?? null });
}
