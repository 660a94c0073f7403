import type { EnvironmentConfig } from '../config/schema';
import type { Driver, RunningService } from '../deploy/drivers/driver';
import { milliseconds } from '../deploy/duration';
import { serves } from '../deploy/read-back';
import { record, withLock, type Session, type Step } from '../deploy/session';
import type { StoredEvent } from '../ledger/events';
import type { Outcome, Refusal } from '../ledger/outcome';
import { foldEnvironment, type CurrentRelease, type EnvironmentState } from '../ledger/state';
import { deployedSubject } from './deployed-subject';
import { judgeMeasurements, type Verification } from './judge';
import { judgeRunning } from './judge-running';
import { answerUnhealthy } from './unhealthy';
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
  /** Why the lock is broken that someone else holds. */
  readonly steal?: string;
  readonly dryRun?: boolean;
}

/**
 * Verifies what is deployed: that the engine runs exactly what the ledger says, then the probes, through the bake time, then the engine
 * again. The verdict goes into the ledger. Unhealthy is rolled back to the last verified release (or held, by configuration); unknown
 * always holds.
 */
export async function verifyDeployment(request: VerifyDeploymentRequest): Promise<Outcome> {
  const { driver, environment, config } = request;
  if (request.dryRun === true) {
    const state = foldEnvironment(await request.ledger.read(environment));
    // Earlier steps of a dry run deployed nothing, so there may be nothing to look at yet.
    const what = request.version ?? state.current?.version ?? 'what is deployed';
    return { kind: 'wouldDo', summary: `verify ${what} in ${environment} with ${config.verify.probes.length} probes` };
  }
  return withLock(request, lockFor(request, `verify ${request.version ?? environment}`), async (session) => {
    const events = await session.ledger.read(environment);
    const state = foldEnvironment(events);
    const refusal = refuse(request, state);
    if (refusal !== null || state.current === null)
      return { kind: 'refused', refusals: refusal === null ? [] : [refusal] };
    const { current } = state;
    const { version, services } = current;
    const running = await driver.current();
    if (request.again !== true && current.health === 'healthy' && serves(current, services, running)) {
      return { kind: 'alreadyDone', summary: `${version} was verified in ${environment} and still runs there` };
    }
    const verdict = engineProblem(current, running) ?? (await measure(request, events, current));
    session.world.stop.check();
    return conclude(session, request, state, current, verdict);
  });
}

/** The lock is renewed as long as this process lives; the time that it lasts without is for the rollback that may follow. */
export function lockFor(
  { config, driver, commands, steal }: VerifyDeploymentRequest,
  reason: string,
): Parameters<typeof withLock>[1] {
  return {
    reason,
    command: commands.verify,
    ttl: longest(config) + driver.patience + LOCK_MARGIN,
    ...(steal === undefined ? {} : { steal }),
  };
}

const LOCK_MARGIN = 5 * 60_000;

/** Milliseconds that the probes take at most. */
function longest({ verify: { probes, attempts, interval, bake } }: EnvironmentConfig): number {
  const times = probes.map((probe) => {
    const tries = (probe.attempts ?? attempts) + 2 * probe.count;
    const delay = probe.initialDelay === undefined ? 0 : milliseconds(probe.initialDelay);
    return delay + tries * (milliseconds(probe.timeout) + milliseconds(probe.interval ?? interval));
  });
  return Math.max(0, ...times) + milliseconds(bake);
}

/** Why what is deployed can't be verified now; null where it can. */
export function refuse(
  { environment, commands, version }: Pick<VerifyDeploymentRequest, 'environment' | 'commands' | 'version'>,
  { unfinished, doubt, current }: EnvironmentState,
): Refusal | null {
  const refusal = (reason: string, remedy = commands.deploy): Refusal => ({ id: 'deployed', reason, remedy });
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

/** What the engine says where it is not what the ledger says; null where all is as it should be. */
export function engineProblem(current: CurrentRelease, running: readonly RunningService[]): Verification | null {
  const { result, seen } = judgeRunning(current, running);
  if (result === 'passed') return null;
  const health = result === 'failed' ? 'unhealthy' : 'unknown';
  return judgeMeasurements([{ probe: 'running services', kind: 'engine', health, seen, attempts: 1 }]);
}

async function measure(
  request: VerifyDeploymentRequest,
  events: readonly StoredEvent[],
  current: CurrentRelease,
): Promise<Verification> {
  const verification = await verify({ ...deployedSubject(request, events, current), bake: true });
  if (verification.health !== 'healthy') return verification;
  // A service may have died, or been replaced, meanwhile.
  const problem = engineProblem(current, await request.driver.current());
  return problem === null ? verification : judgeMeasurements([...verification.measurements, ...problem.measurements]);
}

/** Records a verdict and does what it asks for. */
export async function conclude(
  session: Session,
  request: VerifyDeploymentRequest,
  state: EnvironmentState,
  current: CurrentRelease,
  { health, measurements, reason }: Verification,
): Promise<Outcome> {
  const { environment, commands } = session;
  const { version, services, deployment } = current;
  await record(session, { kind: 'verify.outcome', version, deployment, health, services, measurements, reason });
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
}

export { verifyAfterRollback } from './verify-after-rollback';
