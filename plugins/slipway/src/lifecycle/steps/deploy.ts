import { deploy as deployRelease } from '../../deploy/deploy';
import { verifyAfterRollback } from '../../verify/verify-release';
import { result, type Step, type StepContext, type StepResult } from '../context';
import { releaseAtHead, servicesFor } from '../at-head';
import { forDryRun, refusalOf, unmetOf } from '../preconditions';
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
  const ids = STEPS.deploy.preconditions.filter((id) => !(retry && id === 'notBad'));
  const problems = unmetOf(ids, { context, situation, environment });
  const { after, real } = context.dryRun
    ? forDryRun(problems, context.target, context.config)
    : { after: [], real: problems };
  if (real.length > 0) return result(refusalOf(real), { environment });
  if (after.length > 0)
    return result(
      { kind: 'wouldDo', summary: `deploy the release to ${environment}, after ${after.join(' and ')}` },
      { environment },
    );
  const dossier = releaseAtHead(situation);
  const services = servicesFor(context.config, situation, environment);
  // The preconditions ask for both.
  if (dossier === null || services === null) throw new Error(`${context.target} has no dossier or no images to go by`);
  const { config, driver, commands } = environmentStep(context, environment);
  const release = { version: dossier.version, commit: dossier.commit, services };
  const outcome = await deployRelease({
    world: context.world,
    ledger: context.ledger,
    environment,
    commands,
    driver,
    release,
    verify: verifyAfterRollback(config),
    dryRun: context.dryRun,
  });
  return result(outcome, { environment, release });
}
