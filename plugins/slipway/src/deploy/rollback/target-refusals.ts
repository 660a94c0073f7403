import type { DeployedRelease } from '../../ledger/events';
import type { Refusal } from '../../ledger/outcome';
import type { EnvironmentState } from '../../ledger/state';
import type { Driver } from '../drivers/driver';
import type { Step } from '../session';
import { anchoredRelease, type Anchored } from './anchored';

/** Why a release can't be brought back; empty where it can. Its snapshot stands for compose file and environment's files. Touches nothing. */
export async function targetRefusals(
  { assets }: Pick<Step, 'assets'>,
  driver: Driver,
  state: EnvironmentState,
  to: DeployedRelease,
  anchored?: Anchored,
): Promise<readonly Refusal[]> {
  const { content } = anchored ?? (await anchoredRelease(assets, state, to));
  return (await driver.inspect(to, { description: content?.description })).refusals;
}
