import { deployedRelease } from '../ledger/deployed-release';
import type { DeployedRelease, EventOf, StoredEvent } from '../ledger/events';
import type { Outcome, OutcomeKind, Refusal } from '../ledger/outcome';
import { foldEnvironment, type EnvironmentState } from '../ledger/state';
import { applyUnderFence, newDeployment, problemsOf, showServices } from './apply';
import type { ApplyResult, Driver, RunningService } from './drivers/driver';
import { showDuration } from './duration';
import { runningDigests, sameRelease, serves } from './read-back';
import { rollBackTo, type RollbackRequest, type VerifyAfter } from './rollback';
import { rollbackTarget } from './rollback-target';
import { record, withLock, type Session, type Step } from './session';

export interface DeployRequest extends Step {
  readonly driver: Driver;
  readonly release: DeployedRelease;
  /** Measures the release that an automatic rollback brought back. */
  readonly verify?: VerifyAfter;
  readonly dryRun?: boolean;
  /** Why nothing may change in the environment now: refused with these, unless the release serves there already. */
  readonly held?: readonly Refusal[];
  /** Set where it comes by the emergency lane. */
  readonly emergency?: EmergencyLane;
}

/** What the ledger is told of a deployment that passes over preconditions. */
export interface EmergencyLane {
  /** Id of the bypass. */
  readonly bypass: string;
  /** Written before the deployment's intent; null where the ledger holds them. */
  readonly debts: EventOf<'debt.opened'> | null;
}

/** Milliseconds beyond applying and rolling back: events, fences and a margin. */
const LOCK_MARGIN = 5 * 60_000;

/**
 * Deploys a release to an environment by its digests: intent, apply, read back, outcome, all under the environment's lock.
 * Run again, it says that it is done already, or goes on where it was cut off. A release that never turns healthy is rolled
 * back to the last verified one. What has to be true before (dossier, tag, approvals) is the caller's to check.
 */
export async function deploy(request: DeployRequest): Promise<Outcome> {
  const { driver, environment, commands } = request;
  // Only what runs in this environment is recorded and compared.
  const release = { ...request.release, services: driver.digestsFor(request.release) };
  if (request.dryRun === true) {
    const { refusals } = await driver.inspect(release);
    if (refusals.length > 0) return { kind: 'refused', refusals };
    return { kind: 'wouldDo', summary: `deploy ${release.version} to ${environment} (${showServices(release)})` };
  }
  const { version } = release;
  const lock = {
    reason: `deploy ${version}`,
    command: commands.deploy,
    ttl: 2 * driver.patience + LOCK_MARGIN,
    version,
  };
  return withLock(request, lock, async (session) => {
    const { refusals, configHash } = await driver.inspect(release);
    if (refusals.length > 0) return { kind: 'refused', refusals };
    const events = await session.ledger.read(environment);
    const state = foldEnvironment(events);
    const cutOff = state.unfinished;
    const back = { driver, automatic: true, ...(request.verify === undefined ? {} : { verify: request.verify }) };
    if (cutOff?.kind === 'rollback.intent' && cutOff.automatic && cutOff.version === release.version) {
      session.world.log.info(`Going on with the rollback of ${release.version} that was cut off`);
      const task = { to: cutOff.to, leaving: release, deployment: cutOff.deployment };
      return rollBackTo(session, { ...back, reason: cutOff.reason }, task);
    }
    const before = await driver.current();
    if (isServed(state, events, release, configHash) && serves(release, release.services, before)) {
      return { kind: 'alreadyDone', summary: `${environment} serves ${release.version} (${showServices(release)})` };
    }
    if (request.held !== undefined && request.held.length > 0) return { kind: 'refused', refusals: request.held };
    const deployment = await begin(session, state, { release, configHash, emergency: request.emergency ?? null });
    return carryOut(session, back, state, { release, deployment, before });
  });
}

/** Whether the ledger holds a finished deployment of just this, also with this configuration. */
function isServed(
  { unfinished, doubt, current }: EnvironmentState,
  events: readonly StoredEvent[],
  release: DeployedRelease,
  configHash: string,
): boolean {
  if (unfinished !== null || doubt !== null || current === null || !sameRelease(current, release)) return false;
  const last = events.findLast(({ body }) => body.kind === 'deploy.intent' && body.version === release.version);
  return last?.body.kind === 'deploy.intent' && last.body.configHash === configHash;
}

interface Beginning {
  readonly release: DeployedRelease;
  readonly configHash: string;
  readonly emergency: EmergencyLane | null;
}

/** Writes the intent, or finds the one that a process before left behind; returns the deployment's id. */
async function begin(
  session: Session,
  { unfinished, current }: EnvironmentState,
  { release, configHash, emergency }: Beginning,
): Promise<string> {
  const { world, lock } = session;
  if (
    unfinished?.kind === 'deploy.intent' &&
    sameRelease(unfinished, release) &&
    unfinished.configHash === configHash
  ) {
    world.log.info(`Going on with the deployment of ${release.version} that was cut off`);
    return unfinished.deployment;
  }
  const deployment = newDeployment(release.version);
  const anchor = current === null ? null : deployedRelease(current);
  world.stop.check();
  await lock.check();
  // Debts first: nothing goes by the emergency lane without them.
  if (emergency !== null && emergency.debts !== null) await record(session, emergency.debts);
  const bypass = emergency === null ? {} : { bypass: emergency.bypass };
  await record(session, { kind: 'deploy.intent', deployment, configHash, anchor, ...release, ...bypass });
  return deployment;
}

interface DeployTask {
  readonly release: DeployedRelease;
  readonly deployment: string;
  readonly before: readonly RunningService[];
}

async function carryOut(
  session: Session,
  back: Pick<RollbackRequest, 'driver' | 'automatic' | 'verify'>,
  state: EnvironmentState,
  task: DeployTask,
): Promise<Outcome> {
  const { driver } = back;
  const { environment, commands, world } = session;
  const { release, deployment, before } = task;
  const names = Object.keys(release.services);
  world.log.info(`Deploying ${release.version} to ${environment} (${showServices(release)})`);
  const result = await applyUnderFence(session, driver, release);
  const finish = async (outcome: Outcome, reason: string, services = {}): Promise<Outcome> => {
    const kind: OutcomeKind = outcome.kind;
    await record(session, {
      kind: 'deploy.outcome',
      version: release.version,
      deployment,
      outcome: kind,
      services,
      reason,
    });
    return outcome;
  };
  if (result.kind === 'unknown') {
    return finish({ kind: 'unknown', reason: result.reason, findOut: commands.status }, result.reason);
  }
  const services = runningDigests(result.running, names);
  if (result.kind === 'applied') {
    const took = `healthy after ${showDuration(result.waited)}`;
    return finish(
      { kind: 'done', summary: `${environment} serves ${release.version} (${showServices(release)}), ${took}` },
      took,
      services,
    );
  }
  const reason = `${release.version} in ${environment}: ${problemsOf(result)}`;
  if (untouched(before, result)) return finish({ kind: 'failed', reason, remedy: commands.deploy }, reason, services);
  const to = rollbackTarget(state, release);
  if (to === null) {
    const why = `${reason}; no other release was verified there, so there is none to go back to`;
    return finish({ kind: 'mixed', reason: why, remedy: commands.deploy }, why, services);
  }
  const { refusals } = await driver.inspect(to);
  if (refusals.length > 0) {
    const why = `${reason}; it can't be rolled back to ${to.version}: ${refusals.map((refusal) => refusal.reason).join('; ')}`;
    return finish({ kind: 'mixed', reason: why, remedy: refusals[0]?.remedy ?? commands.rollback }, why, services);
  }
  const outcome = await rollBackTo(session, { ...back, reason }, { to, leaving: release, deployment });
  // The rollback has its own outcome; the deployment's says how it ended for the release.
  return finish(outcome, reason, services);
}

/** Whether the very same containers run as before, so that the failure changed nothing. */
function untouched(
  before: readonly RunningService[],
  { running }: Extract<ApplyResult, { kind: 'unhealthy' }>,
): boolean {
  const instances = (list: readonly RunningService[]) =>
    list
      .map(({ instance, running: up }) => `${instance} ${up}`)
      .sort()
      .join('\n');
  return before.length > 0 && instances(before) === instances(running);
}
