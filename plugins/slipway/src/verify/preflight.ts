import type { Probe } from '../config/schema';
import { milliseconds } from '../deploy/duration';
import type { Refusal } from '../ledger/outcome';
import type { EnvironmentState } from '../ledger/state';
import type { Attempt } from './attempt';
import { queryOf } from './describe-probe';
import { deploymentTimesOf } from './deployment-times';
import { createMeter, type DeploymentTimes, type Meter, type Subject } from './meter';
import { asksService } from './rules';

export interface PreflightRequest extends Omit<Subject, 'release' | 'deployed' | 'before'> {
  readonly state: EnvironmentState;
  /** `release-verify`; with `--hold` it records that what runs is broken, and its repair is let through. */
  readonly verifyCommand: string;
}

export interface ProbePreflight {
  /** Why nothing may be deployed; empty where every probe can be asked and passes on what runs now. */
  readonly refusals: readonly Refusal[];
  /** What a person should know although it does not stop the deployment. */
  readonly warnings: readonly string[];
}

/** Measurements until one is taken for bad: one lost packet stops nothing. */
const TRIES = 3;

/**
 * Asks every probe before anything is deployed. One that can't be asked, or fails on a release that is verified and serves, would condemn
 * the next one, too: it refuses. Where what serves is not known to be healthy, failing is what a repair is for: then only probes that
 * could never give a verdict refuse (an unknown variable, a query that does not parse or gives several series), and the others warn.
 * Where nothing serves, only what does not need it is asked. Writes nothing.
 *
 * @throws when the step is being stopped.
 */
export async function preflightProbes(request: PreflightRequest): Promise<ProbePreflight> {
  const { state, config } = request;
  const probes = config.verify.probes.filter(({ preflight }) => preflight);
  const { current } = state;
  const meter = await createMeter({
    ...request,
    release: current ?? { version: '', commit: '' },
    deployed: lately(state, request.world.clock.now()),
  });
  const findings = await Promise.all(
    probes.map(async (probe) => {
      // A first deployment: the server of metrics is there, what it will be asked about is not.
      if (current === null && !('prometheus' in probe)) return null;
      const attempt = await tryProbe(request, meter, withoutComparison(probe));
      return judgePreflight(probe, attempt, isKnownGood(state), request);
    }),
  );
  return {
    refusals: findings.flatMap((finding) => (finding?.kind === 'refusal' ? [finding.refusal] : [])),
    warnings: findings.flatMap((finding) => (finding?.kind === 'warning' ? [finding.warning] : [])),
  };
}

/** Milliseconds of logs and restarts that are looked at: what happened long ago says nothing about the next release. */
const LATELY = 5 * 60_000;

function lately(state: EnvironmentState, now: Date): DeploymentTimes {
  const finished = deploymentTimesOf(state)?.finished.getTime() ?? 0;
  const since = new Date(Math.max(finished, now.getTime() - LATELY));
  return { began: since, finished: since, replaced: false };
}

/** The next release is compared with what runs now, not this with the one before it. */
function withoutComparison(probe: Probe): Probe {
  if (!('prometheus' in probe)) return probe;
  const { compare: _compare, ...rest } = probe;
  return rest;
}

/** Whether the ledger says that what serves was verified healthy, with nothing in doubt since. */
function isKnownGood({ current, doubt, unfinished }: EnvironmentState): boolean {
  return current !== null && current.health === 'healthy' && doubt === null && unfinished === null;
}

async function tryProbe({ world, config }: PreflightRequest, meter: Meter, probe: Probe): Promise<Attempt> {
  for (let tries = 1; ; tries += 1) {
    const attempt = await meter(probe);
    if (attempt.result === 'passed' || attempt.final === true || tries === TRIES) return attempt;
    await world.clock.sleep(Math.min(LONGEST_PAUSE, milliseconds(probe.interval ?? config.verify.interval)));
  }
}

/** Milliseconds. */
const LONGEST_PAUSE = 2_000;

type Finding =
  { readonly kind: 'refusal'; readonly refusal: Refusal } | { readonly kind: 'warning'; readonly warning: string };

/**
 * What one probe's answer means for a deployment; null where it passes. Pure.
 *
 * @param knownGood whether what serves was verified healthy.
 */
export function judgePreflight(
  probe: Probe,
  attempt: Attempt,
  knownGood: boolean,
  { environment, verifyCommand }: Pick<PreflightRequest, 'environment' | 'verifyCommand'>,
): Finding | null {
  if (attempt.result === 'passed') return null;
  const what = `${probe.name} (${queryOf(probe)})`;
  const refusal = (reason: string, remedy: string): Finding => ({
    kind: 'refusal',
    refusal: { id: 'probes', reason, remedy },
  });
  const correct = `correct the probe "${probe.name}" of ${environment} in slipway.json, or what it asks`;
  if (attempt.result === 'impossible' && attempt.final === true)
    return refusal(`${what} could never tell whether a release is healthy: ${attempt.seen}`, correct);
  const says = attempt.result === 'failed' ? 'fails' : 'is unknown';
  // Both begin to count anew with a deployment, so what they find now does not condemn the next release.
  const countsAnew = 'log' in probe || 'restarts' in probe;
  if (!knownGood || countsAnew)
    return { kind: 'warning', warning: `${what} ${says} on what runs now: ${attempt.seen}` };
  // Nothing to measure is what such a probe was told to live with.
  if (attempt.result === 'impossible' && probe.noData === 'skip')
    return { kind: 'warning', warning: `${what} has nothing to measure now: ${attempt.seen}` };
  return refusal(
    `${what} ${says} on what runs in ${environment} now, so it would condemn any release: ${attempt.seen}`,
    asksService(probe) || attempt.result === 'failed'
      ? `${correct}; if ${environment} is broken, have that recorded, and its repair is let through: ${verifyCommand} --hold`
      : `${correct}; if it is only new in this release, say "preflight": false`,
  );
}
