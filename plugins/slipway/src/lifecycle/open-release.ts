import type { EventOf } from '../ledger/events';
import type { Refusal } from '../ledger/outcome';
import { isAncestor } from '../tag/inspect';
import { command, type StepContext } from './context';
import type { Situation } from './situation';

/** The release that the ledger holds open, seen from the commit that is checked out. */
export type OpenRelease =
  | { readonly kind: 'none' }
  /** This commit is part of it. */
  | { readonly kind: 'here'; readonly release: EventOf<'planned'> }
  /** Begun on another commit, and this one does not hold it. */
  | { readonly kind: 'elsewhere'; readonly release: EventOf<'planned'>; readonly refusal: Refusal };

/**
 * A planned release is open until it is given up or the work has gone on past its tag. One that was not bumped yet has
 * written nothing: new commits simply make a new plan.
 */
export async function openRelease(
  context: Pick<StepContext, 'world' | 'owner'>,
  situation: Situation,
): Promise<OpenRelease> {
  const { open: release, bump, tag } = situation.release;
  if (release === null) return { kind: 'none' };
  const { head, branch } = situation.tree;
  const here: OpenRelease = { kind: 'here', release };
  if (head === release.commit || branch === release.branch) return here;
  if (bump === null) return { kind: 'none' };
  const holds = async (commit: string): Promise<boolean> =>
    (await isPresent(context, commit)) && (await isAncestor(context.world.git, commit, head));
  if (tag !== null) {
    if (head === tag.commit) return here;
    if (await holds(tag.commit)) return { kind: 'none' };
  } else if (await holds(bump.commit)) return here;
  const reason = `release ${release.version} is open on ${release.branch} (${bump.commit.slice(0, 8)}), and this commit does not hold it`;
  const remedy = `git checkout ${release.branch}, or give it up: ${command(context, 'release-abandon', '--reason="…"')}`;
  return { kind: 'elsewhere', release, refusal: { id: 'openElsewhere', reason, remedy } };
}

async function isPresent({ world: { git } }: Pick<StepContext, 'world'>, commit: string): Promise<boolean> {
  return (await git.run(['cat-file', '-e', `${commit}^{commit}`])).exitCode === 0;
}
