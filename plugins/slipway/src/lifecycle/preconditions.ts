import type { Outcome } from '../ledger/outcome';
import { chainOf } from './chain';
import type { StepContext } from './context';
import { bumped, built, images } from './preconditions/built';
import { debtsSettled } from './preconditions/debts';
import { dossier, fresh, ownVerdicts } from './preconditions/dossier';
import { backedUp, rehearsed } from './preconditions/evidence';
import { forwardPorted } from './preconditions/forward-ported';
import { notFrozen } from './preconditions/freeze';
import type { Check, PreconditionId, Subject, Unmet } from './preconditions/precondition';
import { deployed, notBad, notOlder, promoted, verifiedBeforeTag } from './preconditions/promotion';
import { approved, tagged } from './preconditions/sign-offs';
import { environmentKnown, treeClean } from './preconditions/tree';

export { short, type PreconditionId, type Unmet } from './preconditions/precondition';

/**
 * Every precondition of the lifecycle, once: steps refuse by it, status tells what blocks by it.
 * Each looks only at the situation; none has an effect.
 */
export const PRECONDITIONS: Readonly<Record<PreconditionId, Check>> = {
  environmentKnown,
  treeClean,
  bumped,
  built,
  dossier,
  fresh,
  ownVerdicts,
  images,
  notBad,
  promoted,
  verifiedBeforeTag,
  tagged,
  approved,
  rehearsed,
  backedUp,
  forwardPorted,
  deployed,
  notFrozen,
  notOlder,
  debtsSettled,
};

/** Those of `ids` that do not hold, in the order given. An unknown environment hides the rest: they would only repeat it. */
export function unmetOf(ids: readonly PreconditionId[], subject: Subject): readonly Unmet[] {
  const found: Unmet[] = [];
  for (const id of ids) {
    const problem = PRECONDITIONS[id](subject);
    if (!problem) continue;
    found.push(problem);
    if (id === 'environmentKnown') break;
  }
  return found;
}

/** These ask for the dossier themselves: without one they would only repeat that it is missing. */
const BY_DOSSIER: readonly PreconditionId[] = [
  'images',
  'notBad',
  'notOlder',
  'promoted',
  'verifiedBeforeTag',
  'tagged',
  'approved',
  'rehearsed',
  'forwardPorted',
];

/** What is worth telling a person of `problems`. */
export function telling(problems: readonly Unmet[]): readonly Unmet[] {
  if (!problems.some(({ id }) => id === 'dossier')) return problems;
  return problems.filter(({ id }) => !BY_DOSSIER.some((other) => other === id));
}

/** What a step says when preconditions do not hold: it waits where only people are missing, else it refuses. */
export function refusalOf(problems: readonly Unmet[]): Outcome {
  const waiting =
    problems.length > 0 && problems.every((problem) => problem.waitingFor !== null) ? problems[0]?.waitingFor : null;
  if (waiting) return { kind: 'waiting', ...waiting };
  return { kind: 'refused', refusals: problems.map(({ id, reason, remedy }) => ({ id, reason, remedy })) };
}

/**
 * Splits what does not hold, for a dry run: what would come first, by an earlier step of the chain or a person, and the rest.
 */
export function forDryRun(
  problems: readonly Unmet[],
  target: string,
  config: StepContext['config'],
): { readonly after: readonly string[]; readonly real: readonly Unmet[] } {
  const chain = chainOf(config).map((step) => step.target);
  const earlier = new Set(chain.slice(0, Math.max(0, chain.indexOf(target))));
  const before = ({ madeBy, waitingFor }: Unmet): string | null => {
    if (waitingFor !== null) return `${waitingFor.on} (${waitingFor.run})`;
    return madeBy !== null && earlier.has(madeBy) ? madeBy : null;
  };
  return {
    after: [...new Set(problems.flatMap((problem) => before(problem) ?? []))],
    real: problems.filter((problem) => before(problem) === null),
  };
}
