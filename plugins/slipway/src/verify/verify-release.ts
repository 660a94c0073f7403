import type { EnvironmentConfig } from '../config/schema';
import type { Driver } from '../deploy/drivers/driver';
import { milliseconds } from '../deploy/duration';
import { compareRunning, serves } from '../deploy/read-back';
import { rollBackTo, type VerifyAfter } from '../deploy/rollback';
import { rollbackTarget, undoneDeployment } from '../deploy/rollback-target';
import { record, withLock, type Session, type Step } from '../deploy/session';
import type { Health } from '../ledger/events';
import type { Outcome, Refusal } from '../ledger/outcome';
import { foldEnvironment, type CurrentRelease, type EnvironmentState } from '../ledger/state';
import { judgeMeasurements, type Verification } from './judge';
import { verify } from './verify';

export interface VerifyDeploymentRequest extends Step {
  readonly driver: Driver;
  readonly config: EnvironmentConfig;
  /** The version that has to be deployed, for a chain; default: whatever is. */
  readonly version?: string;
  /** Measures also what was verified already. */
  readonly again?: boolean;
  /** Default: what the environment's configuration says. */
  readonly onUnhealthy?: 'rollback' | 'hold';
  readonly dryRun?: boolean;
}

/**
 * Verifies what is deployed: that the engine runs exactly what the ledger says, then the probes. The verdict goes into the ledger.
 * Unhealthy is rolled back to the last verified release (or held, by configuration); unknown always holds.
 */
export async function verifyDeployment(request: VerifyDeploymentRequest): Promise<Outcome> {
  const { driver, environment, config, commands } = request;
  if (request.dryRun === true) {
    const state = foldEnvironment(await request.ledger.read(environment));
    // Earlier steps of a dry run deployed nothing, so there may be nothing to look at yet.
    const what = request.version ?? state.current?.version ?? 'what is deployed';
    return { kind: 'wouldDo', summary: `verify ${what} in ${environment} with ${config.verify.probes.length} probes` };
  }
  const lock = { reason: 'verify', command: commands.verify, ttl: probeTime(config) + driver.patience + LOCK_MARGIN };
  return withLock(request, { ...lock, reason: `verify ${request.version ?? environment}` }, async (session) => {
    const state = foldEnvironment(await session.ledger.read(environment));
    const refusal = refuse(request, state);
    if (refusal !== null || state.current === null)
      return { kind: 'refused', refusals: refusal === null ? [] : [refusal] };
    const { current } = state;
    const { version, services } = current;
    const running = await driver.current();
    if (request.again !== true && current.health === 'healthy' && serves(current, services, running)) {
      return { kind: 'alreadyDone', summary: `${version} was verified in ${environment} and still runs there` };
    }
    const verdict = judgeRunning(current, running) ?? (await verify({ ...request, release: current }));
    const { health, measurements, reason } = verdict;
    session.world.stop.check();
    await record(session, {
      kind: 'verify.outcome',
      version,
      deployment: current.deployment,
      health,
      services,
      measurements,
      reason,
    });
    switch (health) {
      case 'healthy':
        return { kind: 'done', summary: `${version} is healthy in ${environment}: ${reason}` };
      case 'unknown':
        return {
          kind: 'unknown',
          reason: `whether ${version} is healthy in ${environment}: ${reason}`,
          findOut: commands.verify,
        };
      case 'unhealthy':
        return answerUnhealthy(session, request, state, current, reason);
    }
  });
}

const LOCK_MARGIN = 5 * 60_000;

/** Milliseconds that the probes take at most. */
function probeTime({ verify: { probes, attempts, interval } }: EnvironmentConfig): number {
  const longest = Math.max(0, ...probes.map((probe) => milliseconds(probe.timeout)));
  return attempts * (longest + milliseconds(interval));
}

function refuse({ environment, commands, version }: VerifyDeploymentRequest, state: EnvironmentState): Refusal | null {
  const refusal = (reason: string, remedy = commands.deploy): Refusal => ({ id: 'deployed', reason, remedy });
  const { unfinished, doubt, current } = state;
  if (unfinished !== null) {
    const [what, remedy] =
      unfinished.kind === 'deploy.intent' ? ['deployment', commands.deploy] : ['rollback', commands.rollback];
    return refusal(`the ${what} of ${unfinished.version} in ${environment} is unfinished`, remedy);
  }
  if (doubt !== null)
    return refusal(`the deployment of ${doubt.release.version} in ${environment} ended in doubt: ${doubt.reason}`);
  if (current === null) return refusal(`nothing is deployed in ${environment}`);
  if (version !== undefined && version !== current.version) {
    return refusal(`${environment} serves ${current.version}, not ${version}`);
  }
  return null;
}

/** What the engine says about a release that should run; null where it runs as deployed, and the probes have the word. */
export function judgeRunning(
  release: CurrentRelease,
  running: Awaited<ReturnType<Driver['current']>>,
): Verification | null {
  if (serves(release, release.services, running)) return null;
  const problems = compareRunning(release.services, running);
  const measurement = (health: Health, seen: string): Verification =>
    judgeMeasurements([{ probe: 'running services', health, seen, attempts: 1 }]);
  // Somebody changed what runs: going back over that unasked could undo a repair.
  const drift = problems.filter(({ kind }) => kind === 'wrongImage');
  if (drift.length > 0) return measurement('unknown', `${texts(drift)}: something else than Slipway changed it`);
  const unclear = problems.filter(({ kind }) => kind === 'starting' || kind === 'unknownHealth' || kind === 'engine');
  if (problems.length > unclear.length) return measurement('unhealthy', texts(problems));
  if (unclear.length > 0) return measurement('unknown', texts(unclear));
  return measurement(
    'unknown',
    `its containers were not deployed as ${release.version}: something else than Slipway changed them`,
  );
}

function texts(problems: readonly { readonly problem: string }[]): string {
  return problems.map(({ problem }) => problem).join('; ');
}

async function answerUnhealthy(
  session: Session,
  request: VerifyDeploymentRequest,
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
  if ((request.onUnhealthy ?? config.verify.onUnhealthy) === 'hold') return hold('; it is held, by configuration');
  const to = rollbackTarget(state, current);
  if (to === null)
    return hold(
      '; no other release was verified there, so there is none to go back to',
      `mend what the probes found, then verify again: ${commands.verify}; or deploy it anew: ${commands.deploy} --retry`,
    );
  const { refusals } = await driver.inspect(to);
  if (refusals.length > 0)
    return hold(`; it can't be rolled back to ${to.version}: ${refusals.map((item) => item.reason).join('; ')}`);
  return rollBackTo(
    session,
    { driver, automatic: true, reason, verify: verifyAfterRollback(config) },
    { to, leaving: current, deployment: undoneDeployment(state, current) },
  );
}

/** Probes the release that was brought back, and records the verdict. */
export function verifyAfterRollback(config: EnvironmentConfig): VerifyAfter {
  return async (session, release, deployment) => {
    const { world, environment } = session;
    const { version, services } = release;
    const { health, measurements, reason } = await verify({ world, environment, config, release });
    await record(session, { kind: 'verify.outcome', version, deployment, health, services, measurements, reason });
    return { health, reason };
  };
}
