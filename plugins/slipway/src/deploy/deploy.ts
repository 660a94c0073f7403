import type { DeployedRelease, StoredEvent } from '../ledger/events';
import type { Outcome, Refusal } from '../ledger/outcome';
import { foldEnvironment, type CurrentRelease, type EnvironmentState } from '../ledger/state';
import { showServices } from './apply';
import type { Driver } from './drivers/driver';
import { showDuration } from './duration';
import { askEarly, withLockAndAnswers } from './early-answers';
import { runningDigests, sameRelease, serves } from './read-back';
import { rollBackTo, type VerifyAfter } from './rollback';
import { LOCK_TTL, type Step } from './session';
import { backup } from './steps/backup';
import { begin, type EmergencyLane } from './steps/begin';
import { conclude, type Deployment } from './steps/deployment';
import { migrate } from './steps/migrate';
import { preflight, type PreflightProbes } from './steps/preflight';
import { replaceServices } from './steps/replace-services';
import { take } from './steps/step';

export type { EmergencyLane } from './steps/begin';

export interface DeployRequest extends Step {
  readonly driver: Driver;
  readonly release: DeployedRelease;
  /** Measures the release that an automatic rollback brought back. */
  readonly verify?: VerifyAfter;
  /** Asks the probes before anything is written. */
  readonly probes?: PreflightProbes;
  readonly dryRun?: boolean;
  /** Why nothing may change in the environment now: refused with these, unless the release serves there already. */
  readonly held?: readonly Refusal[];
  /** Set where it comes by the emergency lane. */
  readonly emergency?: EmergencyLane;
  /** Why a lock that someone holds is broken. */
  readonly steal?: string;
}

/**
 * Deploys a release to an environment by its digests, all under the environment's lock:
 * preflight → anchor and intent → backup → migrate → replace services and wait for health → read back and record.
 * Run again, it says that it is done already, or goes on where it was cut off. A release that never turns healthy is rolled
 * back to the last verified one. What has to be true before (dossier, tag, approvals) is the caller's to check.
 */
export async function deploy(request: DeployRequest): Promise<Outcome> {
  const { environment, assets, commands, verify, steal } = request;
  // Only what runs in this environment is recorded and compared.
  const release = { ...request.release, services: request.driver.digestsFor(request.release) };
  const { version } = release;
  if (request.dryRun === true) return rehearse(request, release);
  const lock = { reason: `deploy ${version}`, command: commands.deploy, ttl: LOCK_TTL, version };
  const ask = async () => askEarly(request.driver, release);
  const options = { ...lock, ...(steal === undefined ? {} : { steal }) };
  return withLockAndAnswers(request, ask, options, async (session, driver) => {
    const [{ refusals, configHash, description }, before, events] = await Promise.all([
      driver.inspect(release),
      driver.current(),
      session.ledger.read(environment),
    ]);
    if (refusals.length > 0) return { kind: 'refused', refusals };
    const state = foldEnvironment(events);
    const cutOff = state.unfinished;
    if (cutOff?.kind === 'rollback.intent' && cutOff.automatic && cutOff.version === version) {
      session.world.log.info(`Going on with the rollback of ${version} that was cut off`);
      const { reason, to, deployment } = cutOff;
      const back = { driver, automatic: true, reason, ...(verify === undefined ? {} : { verify }) };
      const outcome = await rollBackTo(session, back, { to, leaving: release, deployment });
      // Where it was verification that took it back, the deployment had ended well before.
      const isOpen = state.history.some(
        (one) => one.kind === 'deploy' && one.deployment === deployment && one.outcome === null,
      );
      return isOpen ? conclude({ session, release, id: deployment }, outcome, reason) : outcome;
    }
    if (isServed(state, events, release, configHash) && serves(release, release.services, before))
      return { kind: 'alreadyDone', summary: `${environment} serves ${version} (${showServices(release)})` };
    if (request.held !== undefined && request.held.length > 0) return { kind: 'refused', refusals: request.held };

    const ready = await preflight(session, { assets, release, state, probes: request.probes });
    if (ready.refusals.length > 0) return { kind: 'refused', refusals: ready.refusals };
    const { migrations, isNew } = ready;
    const emergency = request.emergency ?? null;
    const id = await begin(session, state, { release, configHash, description, migrations, emergency });
    session.world.log.info(`Deploying ${version} to ${environment} (${showServices(release)})`);
    const deployment = { session, driver, release, id, state, before, description, migrations, isNew, verify };
    return carryOut({ ...deployment, migrated: false });
  });
}

/** Every step in turn; the first one that fails ends the deployment with its compensation. */
async function carryOut(deployment: Deployment): Promise<Outcome> {
  for (const step of [backup, migrate]) {
    const taken = await take(deployment, step);
    if (taken.kind === 'ended') return taken.outcome;
  }
  const replaced = await take(deployment, replaceServices());
  if (replaced.kind === 'ended') return replaced.outcome;
  if (replaced.result === null) throw new Error('services were replaced without a result');
  const { release, session } = deployment;
  const { running, waited } = replaced.result;
  const took = `healthy after ${showDuration(waited)}`;
  const summary = `${session.environment} serves ${release.version} (${showServices(release)}), ${took}`;
  return conclude(deployment, { kind: 'done', summary }, took, runningDigests(running, Object.keys(release.services)));
}

/** What it would do. Touches nothing. */
async function rehearse({ driver, environment }: DeployRequest, release: DeployedRelease): Promise<Outcome> {
  const { refusals } = await driver.inspect(release);
  if (refusals.length > 0) return { kind: 'refused', refusals };
  return { kind: 'wouldDo', summary: `deploy ${release.version} to ${environment} (${showServices(release)})` };
}

/** Whether the ledger holds a finished deployment of just this, also with this configuration. */
function isServed(
  { unfinished, doubt, current, history }: EnvironmentState,
  events: readonly StoredEvent[],
  release: DeployedRelease,
  configHash: string,
): boolean {
  if (unfinished !== null || doubt !== null || current === null || !sameRelease(current, release)) return false;
  return configHashOf(current, history, events) === configHash;
}

/** With which configuration the release that serves was put in place; null where nobody can tell. */
function configHashOf(
  { version, deployment, snapshotOf }: CurrentRelease,
  history: EnvironmentState['history'],
  events: readonly StoredEvent[],
): string | null {
  const intents = events.flatMap(({ body }) =>
    body.kind === 'deploy.intent' && body.version === version ? [body] : [],
  );
  const own = intents.findLast((intent) => intent.deployment === (snapshotOf ?? deployment));
  if (own !== undefined) return own.configHash;
  const last = history.findLast((movement) => movement.deployment === deployment);
  // Files of another release's deployment: no deployment ever had both.
  if (last?.configurationOf != null) return null;
  return intents.at(-1)?.configHash ?? null;
}
