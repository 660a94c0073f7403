import { allows, writeVerdict, type ProjectVerdict } from '../../gates';
import type { Outcome } from '../../ledger/outcome';
import { renderVerdict } from '../../render';
import { result, type Step } from '../context';
import { judgeMember, prepareJudging } from '../judge-member';

/** Judges one project's reports against policy. Pure but for the verdict it writes, so Nx may cache it. */
export const gate: Step = async (context) => {
  const { verdict } = await judgeMember(await prepareJudging(context), context.project);
  const path = context.dryRun ? null : await writeVerdict(context.world.root, verdict);
  return result(gateOutcome(verdict, path), { verdict, path }, renderVerdict(verdict, { color: context.color }));
};

function gateOutcome({ project, verdict, reason }: ProjectVerdict, path: string | null): Outcome {
  if (allows(verdict)) {
    const summary = `${project} passes its gate (${verdict})`;
    return path === null ? { kind: 'wouldDo', summary: `record that ${summary}` } : { kind: 'done', summary };
  }
  const what = verdict === 'inconclusive' ? 'could not be judged' : 'does not pass its gate';
  return { kind: 'failed', reason: `${project} ${what}: ${reason}`, remedy: `npx nx run ${project}:release-gate` };
}
