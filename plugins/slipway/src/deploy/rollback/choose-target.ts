import { deployedRelease } from '../../ledger/deployed-release';
import type { DeployedRelease } from '../../ledger/events';
import type { Refusal } from '../../ledger/outcome';
import type { EnvironmentState } from '../../ledger/state';
import { leavingRelease, namedTarget, openRollback, rollbackTarget } from '../rollback-target';

export const NO_TARGET: Refusal = {
  id: 'rollbackTarget',
  reason: '',
  remedy: 'deploy a release that is healthy',
};

/**
 * The release that the application goes back to: what was cut off is gone on with, unless another version is asked for. Else why there is
 * none. Pure.
 *
 * @param leaving what is left, where that is known better than by the ledger alone
 */
export function chooseTarget(
  environment: string,
  state: EnvironmentState,
  version?: string,
  leaving: DeployedRelease | null = leavingRelease(state),
): DeployedRelease | Refusal {
  if (version !== undefined) return namedTarget(state, environment, version);
  const open = openRollback(state);
  const isGoneOnWith = open?.parts.includes('application') === true && !state.bad.has(open.release.version);
  const found = isGoneOnWith ? deployedRelease(open.release) : rollbackTarget(state, leaving);
  if (found !== null) return found;
  return { ...NO_TARGET, reason: `no other release was verified in ${environment}, so there is none to go back to` };
}
