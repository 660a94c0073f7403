import type { Refusal } from '../../ledger/outcome';
import type { StepContext } from '../context';
import type { Situation } from '../situation';

export type PreconditionId =
  | 'environmentKnown'
  | 'treeClean'
  | 'bumped'
  | 'built'
  | 'dossier'
  | 'fresh'
  | 'ownVerdicts'
  | 'images'
  | 'promoted'
  | 'tagged'
  | 'approved'
  | 'rehearsed'
  | 'backedUp'
  | 'notBad'
  | 'deployed'
  | 'forwardPorted'
  | 'verifiedBeforeTag'
  | 'notFrozen'
  | 'notOlder'
  | 'debtsSettled';

/** A precondition that does not hold. */
export interface Unmet extends Refusal {
  readonly id: PreconditionId;
  /** The chain's step that makes it hold, where one does: under --dry-run that step only would have. */
  readonly madeBy: string | null;
  /** Set where a person has to act. */
  readonly waitingFor: { readonly on: string; readonly run: string } | null;
}

export interface Subject {
  readonly context: Pick<StepContext, 'owner' | 'config'>;
  readonly situation: Situation;
  /** The environment in question; null for steps that have none. */
  readonly environment: string | null;
}

export type Check = (subject: Subject) => Unmet | null;

export function unmet(id: PreconditionId, reason: string, remedy: string, madeBy: string | null = null): Unmet {
  return { id, reason, remedy, madeBy, waitingFor: null };
}

export function short(commit: string): string {
  return commit === '' ? '(none)' : commit.slice(0, 8);
}
