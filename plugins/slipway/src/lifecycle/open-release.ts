import type { EventOf } from '../ledger/events';
import type { Refusal } from '../ledger/outcome';
import { isHotfix, type ReleaseRecord } from '../ledger/state';
import { isAncestor, isPresent } from '../tag/inspect';
import { nextAtHead, openAtHead, recordAtHead } from './at-head';
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
 * A commit that was checked belongs to its release. Besides, a release is open until it is given up or the work has gone on past its tag;
 * one that starts from main and one hotfix may be so side by side, and neither is in the other's way. One that was not bumped yet has written
 * nothing: new commits simply make a new plan. One that was bumped is met only on commits that hold the bump: the commit it was planned on
 * still has the old versions.
 * @param asked the type that was asked for: `hotfix` looks past what is open on main.
 */
export async function openRelease(
  context: Pick<StepContext, 'world' | 'owner'>,
  situation: Situation,
  asked?: string,
): Promise<OpenRelease> {
  const hotfix = asked === 'hotfix';
  const wanted = (release: EventOf<'planned'>): boolean => !hotfix || isHotfix(release);
  const checked = recordAtHead(situation);
  const { opens, releases } = situation.release;
  const next = nextAtHead(situation);
  const planned = next && releases.get(next.version);
  if (next && planned && wanted(next)) return { kind: 'here', release: next, record: planned };
  // What production runs is where a hotfix begins, and no release that it would be part of.
  if (checked?.plan && (wanted(checked.plan) || checked.tag === null))
    return { kind: 'here', release: checked.plan, record: checked };
  const own = hotfix ? opens.find(isHotfix) : openAtHead(situation);
  const others = opens.filter((release) => release !== own && wanted(release));
  let standing: OpenRelease = { kind: 'none' };
  for (const release of [own, ...others]) {
    const record = release && releases.get(release.version);
    if (release === undefined || record === undefined) continue;
    const seen = await seenFromHead(context, situation, release, record);
    if (seen.kind === 'here') return seen;
    if (release === own) standing = seen;
  }
  return standing;
}

async function seenFromHead(
  context: Pick<StepContext, 'world' | 'owner'>,
  { tree: { head, branch } }: Situation,
  release: EventOf<'planned'>,
  record: ReleaseRecord,
): Promise<OpenRelease> {
  const { bump, tag } = record;
  const here: OpenRelease = { kind: 'here', release, record };
  const elsewhere = (reason: string, remedy: string): OpenRelease => ({
    kind: 'elsewhere',
    release,
    refusal: { id: 'openElsewhere', reason: `${called(release)} ${reason}, and this commit does not hold it`, remedy },
  });
  if (bump === null) return head === release.commit || branch === release.branch ? here : { kind: 'none' };
  const holds = async (commit: string): Promise<boolean> =>
    head === commit ||
    ((await isPresent(context.world.git, commit)) && (await isAncestor(context.world.git, commit, head)));
  if (tag === null) {
    if (await holds(bump.commit)) return here;
    const giveUp = command(context, 'release-abandon', `--releaseVersion=${release.version}`, '--reason="…"');
    return elsewhere(
      `is open on ${release.branch} (${bump.commit.slice(0, 8)})`,
      `git checkout ${release.branch}, or give it up: ${giveUp}`,
    );
  }
  if (head === tag.commit) return here;
  // A hotfix that is out stands in nobody's way: what main still lacks of it is a forward-port.
  if (isHotfix(release) || (await holds(tag.commit))) return { kind: 'none' };
  return elsewhere(
    `is tagged ${tag.tag} (${tag.commit.slice(0, 8)})`,
    `git checkout ${tag.tag} to go on with it, or git merge ${tag.tag} here to release what comes next`,
  );
}

function called(release: EventOf<'planned'>): string {
  return `${isHotfix(release) ? 'hotfix' : 'release'} ${release.version}`;
}
