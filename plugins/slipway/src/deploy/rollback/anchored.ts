import type { DeployedRelease } from '../../ledger/events';
import type { EnvironmentState } from '../../ledger/state';
import type { AnchorContent } from '../anchor/anchor';
import type { Assets } from '../assets';
import { sameRelease } from '../read-back';

/** How a release was put in place, as far as this host can still bring it back. */
export interface Anchored {
  /** Deployment whose snapshot it is; null where the ledger knows of none. */
  readonly id: string | null;
  /** Null where it has to be made anew from the release's commit: this host does not hold it, or not any more as it was. */
  readonly content: AnchorContent | null;
}

/** Deployment whose snapshot a release was last put in place with; null where the ledger knows of none. */
export function snapshotIdOf(state: EnvironmentState, release: DeployedRelease): string | null {
  const { unfinished, verified, current } = state;
  if (unfinished?.kind === 'rollback.intent' && sameRelease(unfinished.to, release) && unfinished.snapshotOf != null)
    return unfinished.snapshotOf;
  if (current !== null && sameRelease(current, release) && current.snapshotOf !== null) return current.snapshotOf;
  return verified.findLast((one) => one.snapshotOf !== null && sameRelease(one, release))?.snapshotOf ?? null;
}

export async function anchoredRelease(
  assets: Assets | undefined,
  state: EnvironmentState,
  release: DeployedRelease,
): Promise<Anchored> {
  return anchoredSnapshot(assets, state, snapshotIdOf(state, release));
}

export async function anchoredSnapshot(
  assets: Assets | undefined,
  { snapshots }: EnvironmentState,
  id: string | null,
): Promise<Anchored> {
  const recorded = id === null ? undefined : snapshots.get(id);
  if (assets === undefined || id === null || recorded === undefined) return { id: null, content: null };
  return { id, content: await assets.anchors.load(id, recorded.snapshot) };
}

/** Migrations that were applied once a deployment was done; null where nobody recorded them. */
export function schemaOfSnapshot(
  { snapshots, history }: EnvironmentState,
  id: string | null,
): readonly string[] | null {
  if (id === null) return null;
  const own = history.filter(({ kind, deployment }) => kind === 'deploy' && deployment === id).at(-1);
  const moved = own?.steps.findLast(({ step, outcome }) => step === 'migrate' && outcome === 'done');
  return moved?.migration?.after ?? snapshots.get(id)?.snapshot.migrations ?? null;
}
