import { allows, type ProjectVerdict } from '../gates';
import type { Outcome } from '../ledger/outcome';
import type { GateWish } from './gate-options';

/** How a gate ended. What only would be is told as such. */
export function gateOutcome(
  { project, verdict, reason }: ProjectVerdict,
  { whatIf, written }: Pick<GateWish, 'whatIf'> & { readonly written: boolean },
): Outcome {
  if (allows(verdict)) {
    const summary = `${project} passes its gate (${verdict})`;
    if (whatIf !== null) return { kind: 'wouldDo', summary: `say that ${summary}, ${whatIf}` };
    return written ? { kind: 'done', summary } : { kind: 'wouldDo', summary: `record that ${summary}` };
  }
  const what = verdict === 'inconclusive' ? 'could not be judged' : 'does not pass its gate';
  const when = whatIf === null ? '' : ` ${whatIf}`;
  return {
    kind: 'failed',
    reason: `${project} ${what}${when}: ${reason}`,
    remedy: `npx nx run ${project}:release-gate`,
  };
}
