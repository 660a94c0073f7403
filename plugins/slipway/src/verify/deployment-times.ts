import type { EnvironmentState } from '../ledger/state';
import type { DeploymentTimes } from './meter';

/** When what serves was put in place; null where the ledger does not say. */
export function deploymentTimesOf({ current, history }: EnvironmentState): DeploymentTimes | null {
  if (current === null) return null;
  const movement = history.findLast(
    ({ deployment, release }) => deployment === current.deployment && release.version === current.version,
  );
  if (movement === undefined) return null;
  return {
    began: new Date(movement.at),
    finished: new Date(current.since),
    // After a rollback the time before it belongs to the release that was left: nothing to compare with.
    replaced: movement.kind === 'deploy' && movement.before !== null,
  };
}
