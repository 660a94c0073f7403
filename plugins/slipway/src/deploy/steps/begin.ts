import { deployedRelease } from '../../ledger/deployed-release';
import type { EventOf, Snapshot } from '../../ledger/events';
import type { EnvironmentState } from '../../ledger/state';
import { readConfiguration } from '../anchor/configuration-files';
import { guard, newDeployment } from '../apply';
import type { DeployedRelease } from '../../ledger/events';
import type { MigrationPlan } from '../database/database';
import { sameRelease } from '../read-back';
import { record, type Session } from '../session';
import { neededAnchors } from './needed';

/** What the ledger is told of a deployment that passes over preconditions. */
export interface EmergencyLane {
  /** Id of the bypass. */
  readonly bypass: string;
  /** Written before the deployment's intent; null where the ledger holds them. */
  readonly debts: EventOf<'debt.opened'> | null;
}

export interface Beginning {
  readonly release: DeployedRelease;
  readonly configHash: string;
  readonly description: string | null;
  readonly migrations: MigrationPlan | null;
  readonly emergency: EmergencyLane | null;
}

/**
 * Keeps on this host what is about to be put in place, then writes the intent with its hashes; or finds the intent that a process before left
 * behind. @returns the deployment's id.
 */
export async function begin(session: Session, state: EnvironmentState, beginning: Beginning): Promise<string> {
  const { world } = session;
  const { unfinished, current } = state;
  const { release, configHash, emergency } = beginning;
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
  await guard(session);
  const snapshot = await keep(session, state, deployment, beginning);
  // Debts first: nothing goes by the emergency lane without them.
  if (emergency !== null && emergency.debts !== null) await record(session, emergency.debts);
  await record(session, {
    kind: 'deploy.intent',
    deployment,
    configHash,
    anchor,
    ...release,
    ...(snapshot === null ? {} : { snapshot }),
    ...(emergency === null ? {} : { bypass: emergency.bypass }),
  });
  return deployment;
}

async function keep(
  { assets, world }: Session,
  state: EnvironmentState,
  deployment: string,
  { description, migrations }: Beginning,
): Promise<Snapshot | null> {
  if (assets === undefined || description === null) return null;
  const configuration = await readConfiguration(world.root, assets.envFiles);
  const snapshot = await assets.anchors.save(deployment, { description, configuration }, migrations?.applied ?? null);
  await assets.anchors.prune(new Set([...neededAnchors(state), deployment]));
  return snapshot;
}
