import { result, type Step } from '../context';
import { releaseAtHead } from '../at-head';
import { refusalOf } from '../preconditions';
import { nextStep } from '../progress';
import { renderStatus } from '../render-status';
import { readSituation } from '../situation';
import type { ChainOptions } from './plan';
import { statusOf } from './status';

/** The end of the chain. It does nothing itself: it looks whether everything before it really happened, and says so. */
export const ship: Step<ChainOptions> = async (context) => {
  if (context.dryRun) return result({ kind: 'wouldDo', summary: 'say that the release has arrived' });
  const situation = await readSituation(context);
  const found = await statusOf(context, situation);
  const lines = renderStatus(found, { now: context.world.clock.now(), color: context.color });
  const next = nextStep(context, situation);
  if (next === null && found.release !== null && releaseAtHead(situation) !== null) {
    const where = found.environments.map(({ environment }) => environment);
    const summary = `release ${found.release.version} has arrived${where.length > 0 ? ` in ${where.join(' and ')}` : ''}`;
    return result({ kind: 'done', summary }, { ...found }, lines);
  }
  if (next !== null && next.blockedBy.length > 0) return result(refusalOf(next.blockedBy), { ...found }, lines);
  const reason = next === null ? 'this commit belongs to no release' : `${next.step.target} is not done`;
  const remedy = `npx nx run ${context.owner}:${next?.step.target ?? 'release-plan'}`;
  return result({ kind: 'refused', refusals: [{ id: 'chain', reason, remedy }] }, { ...found }, lines);
};
