import { milliseconds } from '../../deploy/duration';
import { verifyDeployment } from '../../verify/verify-release';
import { watchDeployment } from '../../verify/watch';
import type { Outcome } from '../../ledger/outcome';
import { command, result, type Step, type StepContext, type StepResult } from '../context';
import { releaseAtHead } from '../at-head';
import { latestHealth, latestMonitoring } from '../deployment-checks';
import { forDryRun, refusalOf, unmetOf } from '../preconditions';
import { renderVerification } from '../render-verification';
import { readSituation } from '../situation';
import { STEPS } from '../steps';
import { environmentStep, ownEnvironment } from './environment-step';
import type { ChainOptions } from './plan';

export interface VerifyOptions {
  readonly env?: string;
  /** How long to go on measuring, e.g. `30m`. */
  readonly watch?: string;
  /** Leaves an unhealthy release where it is. */
  readonly hold?: boolean;
  /** Why the lock is broken that someone else holds. */
  readonly steal?: string;
}

/** For people: measures again, whatever was measured before. */
export const verify: Step<VerifyOptions> = (context, { env = '', ...options }) => verifyIn(context, env, options);

export const verifyAtomised: Step<ChainOptions> = (context) =>
  verifyIn(context, ownEnvironment(context, 'verify'), null);

/** @param options null in a chain, which verifies its own release and nothing that was verified already. */
async function verifyIn(
  context: StepContext,
  environment: string,
  options: Omit<VerifyOptions, 'env'> | null,
): Promise<StepResult> {
  const situation = await readSituation(context);
  const problems = unmetOf(STEPS.verify.preconditions, { context, situation, environment });
  const { after, real } = context.dryRun
    ? forDryRun(problems, context.target, context.config)
    : { after: [], real: problems };
  if (real.length > 0) return result(refusalOf(real), { environment });
  const { watch, hold = false, steal } = options ?? {};
  const span = watch === undefined ? null : watchTime(watch);
  if (span === 'none') return result(notATime(context, environment, watch ?? ''), { environment });
  if (context.dryRun) {
    const what = span === null ? `verify ${environment}` : `watch ${environment} for ${watch}`;
    return result(
      { kind: 'wouldDo', summary: `${what}${after.length > 0 ? `, after ${after.join(' and ')}` : ''}` },
      { environment },
    );
  }
  const { config, driver, commands, assets } = environmentStep(context, environment);
  const version = options === null ? releaseAtHead(situation)?.version : undefined;
  const { world, ledger } = context;
  const request = {
    ...{ world, ledger, environment, commands, driver, config, assets },
    again: options !== null,
    ...(hold ? { onUnhealthy: 'hold' as const } : {}),
    ...(steal === undefined ? {} : { steal }),
    ...(version === undefined ? {} : { version }),
  };
  const known = new Set((await ledger.read(environment)).map(({ id }) => id));
  const outcome = await (span === null ? verifyDeployment(request) : watchDeployment({ ...request, watch: span }));
  const events = await ledger.read(environment);
  const verdicts = events.flatMap(({ id, at, body }) =>
    body.kind === 'verify.outcome' && !known.has(id) ? [{ at, ...body }] : [],
  );
  // After an automatic rollback the latest verification is that of what was brought back.
  const data = { environment, health: latestHealth(events), monitoring: latestMonitoring(events), verdicts };
  const lines = verdicts.flatMap((verdict) => renderVerification(verdict, { color: context.color }));
  return result(outcome, data, lines);
}

function watchTime(text: string): number | 'none' {
  return /^\d+(ms|s|m|h|d)$/.test(text) ? milliseconds(text) : 'none';
}

function notATime(context: StepContext, environment: string, text: string): Outcome {
  const again = command(context, 'release-verify', `--env=${environment}`, '--watch=30m');
  const refusal = { id: 'watch', reason: `--watch=${text} is no time such as 30m or 2h`, remedy: again };
  return { kind: 'refused', refusals: [refusal] };
}
