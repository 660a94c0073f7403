import { RELEASE_STREAM, type EventOf } from '../../ledger/events';
import type { Refusal } from '../../ledger/outcome';
import { openAtHead } from '../at-head';
import { command, result, type Step, type StepContext } from '../context';
import { readSituation, type Situation } from '../situation';

export interface AbandonOptions {
  readonly reason: string;
  /** Needed only where a hotfix is open beside another release. */
  readonly releaseVersion?: string;
}

/** Gives up the open release. What it wrote stays: its branch, and whatever was deployed. */
export const abandon: Step<AbandonOptions> = async (context, { reason, releaseVersion }) => {
  const situation = await readSituation(context);
  const { open } = situation.release;
  if (open === null) return result({ kind: 'alreadyDone', summary: 'no release is open' });
  const found = choose(context, situation, open, releaseVersion);
  if ('remedy' in found) return result({ kind: 'refused', refusals: [found] });
  const { version, branch } = found;
  if (isTagged(situation, version)) {
    const remedy = `go back with: ${command(context, 'release-rollback', '--env=…')}, and release a fix`;
    return result({
      kind: 'refused',
      refusals: [{ id: 'tagged', reason: `${version} is tagged, so it can no longer be given up`, remedy }],
    });
  }
  const again = `go on with: git checkout ${found.base ?? context.config.release.main}`;
  const summary = `gave up release ${version}; its branch ${branch} stays, and may go with git branch -D ${branch}; ${again}`;
  if (context.dryRun) return result({ kind: 'wouldDo', summary: `give up release ${version}` });
  context.world.stop.check();
  await context.ledger.append(RELEASE_STREAM, { kind: 'abandoned', version, reason });
  return result({ kind: 'done', summary }, { version });
};

/** The release that is named, else the one that the checked-out branch is about, else the only one that can still be given up. */
function choose(
  context: StepContext,
  situation: Situation,
  latest: EventOf<'planned'>,
  named: string | undefined,
): EventOf<'planned'> | Refusal {
  const { opens } = situation.release;
  if (named !== undefined) {
    const wanted = named.replace(/^v/, '');
    return (
      opens.find(({ version }) => version === wanted) ?? {
        id: 'notOpen',
        reason: `release ${wanted} is not open; what is open: ${opens.map(({ version }) => version).join(' and ')}`,
        remedy: `name one that is, or none: ${command(context, 'release-abandon', '--reason="…"')}`,
      }
    );
  }
  const { branch } = situation.tree;
  const here = opens.find((release) => branch !== null && release.branch === branch);
  if (here !== undefined) return here;
  const [only, ...others] = opens.filter(({ version }) => !isTagged(situation, version));
  // Whoever means a tagged one is told why it can't be.
  if (only === undefined) return openAtHead(situation) ?? latest;
  if (others.length === 0) return only;
  return {
    id: 'severalOpen',
    reason: `${[only, ...others].map(({ version }) => version).join(' and ')} are open`,
    remedy: `say which: ${command(context, 'release-abandon', `--releaseVersion=${only.version}`, '--reason="…"')}`,
  };
}

function isTagged({ release }: Situation, version: string): boolean {
  return (release.releases.get(version)?.tag ?? null) !== null;
}
