import type { EventOf } from '../ledger/events';
import type { Refusal } from '../ledger/outcome';
import type { ReleaseRecord } from '../ledger/state';
import { isAncestor, isPresent } from '../tag/inspect';
import { recordAtHead } from './at-head';
import { command, type StepContext } from './context';
import type { Situation } from './situation';

/** The release that the ledger holds open, seen from the commit that is checked out. */
export type OpenRelease =
  | { readonly kind: 'none' }
  /** This commit is part of it. */
  | { readonly kind: 'here'; readonly release: EventOf<'planned'>; readonly record: ReleaseRecord }
  /** Begun on another commit, and this one does not hold it. */
  | { readonly kind: 'elsewhere'; readonly release: EventOf<'planned'>; readonly refusal: Refusal };

/**
 * A commit that was checked belongs to its release. Besides, the release planned last is open until it is given up or the work has
 * gone on past its tag. One that was not bumped yet has written nothing: new commits simply make a new plan. One that was
 * bumped is met only on commits that hold the bump: the commit it was planned on still has the old versions.
 */
export async function openRelease(
  context: Pick<StepContext, 'world' | 'owner'>,
  situation: Situation,
): Promise<OpenRelease> {
  const checked = recordAtHead(situation);
  if (checked?.plan) return { kind: 'here', release: checked.plan, record: checked };
  const { open: release, releases } = situation.release;
  const record = release === null ? undefined : releases.get(release.version);
  if (release === null || record === undefined) return { kind: 'none' };
  const { bump, tag } = record;
  const { head, branch } = situation.tree;
  const here: OpenRelease = { kind: 'here', release, record };
  if (bump === null) return head === release.commit || branch === release.branch ? here : { kind: 'none' };
  const holds = async (commit: string): Promise<boolean> =>
    head === commit ||
    ((await isPresent(context.world.git, commit)) && (await isAncestor(context.world.git, commit, head)));
  if (tag === null) {
    if (await holds(bump.commit)) return here;
    const reason = `release ${release.version} is open on ${release.branch} (${bump.commit.slice(0, 8)}), and this commit does not hold it`;
    const remedy = `git checkout ${release.branch}, or give it up: ${command(context, 'release-abandon', '--reason="…"')}`;
    return { kind: 'elsewhere', release, refusal: { id: 'openElsewhere', reason, remedy } };
  }
  if (head === tag.commit) return here;
  if (await holds(tag.commit)) return { kind: 'none' };
  const reason = `release ${release.version} is tagged ${tag.tag} (${tag.commit.slice(0, 8)}), and this commit does not hold it`;
  const remedy = `git checkout ${tag.tag} to go on with it, or git merge ${tag.tag} here to release what comes next`;
  return { kind: 'elsewhere', release, refusal: { id: 'openElsewhere', reason, remedy } };
}
