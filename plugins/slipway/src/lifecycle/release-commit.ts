import type { EventOf } from '../ledger/events';
import type { Refusal } from '../ledger/outcome';
import type { ReleaseRecord } from '../ledger/state';
import { command, type StepContext } from './context';
import { openRelease } from './open-release';
import type { Situation } from './situation';

/** A release that was bumped, and the checked-out commit that holds it. */
export interface ReleaseCommit {
  readonly release: EventOf<'planned'>;
  readonly record: ReleaseRecord;
  readonly bump: NonNullable<ReleaseRecord['bump']>;
  /** Full id: the bump's commit, or one on top of it. */
  readonly commit: string;
}

/** The release that the checked-out commit belongs to, or why there is none. */
export async function releaseCommit(
  context: Pick<StepContext, 'world' | 'owner'>,
  situation: Situation,
  asked?: string,
): Promise<ReleaseCommit | { readonly refusal: Refusal }> {
  const open = await openRelease(context, situation, asked);
  if (open.kind === 'elsewhere') return { refusal: open.refusal };
  const bump = open.kind === 'here' ? open.record.bump : null;
  if (open.kind === 'none' || bump === null)
    return {
      refusal: { id: 'bumped', reason: 'there is no release commit here', remedy: command(context, 'release-bump') },
    };
  return { release: open.release, record: open.record, bump, commit: situation.tree.head };
}
