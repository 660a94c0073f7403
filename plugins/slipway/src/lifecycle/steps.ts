import type { LedgerEventBody } from '../ledger/events';
import type { StepName } from './chain';
import type { PreconditionId } from './preconditions';

export interface StepDefinition {
  readonly title: string;
  /** What must hold before it acts, in the order it is told. */
  readonly preconditions: readonly PreconditionId[];
  /** Kinds of events it leaves in the ledger. */
  readonly records: readonly LedgerEventBody['kind'][];
}

/**
 * The process as data. A step's own refusals that need its inputs (a tag that exists elsewhere, a stale branch)
 * are made where the step acts, before it writes.
 */
export const STEPS: Readonly<Record<Exclude<StepName, 'gate'> | 'approve' | 'bypass' | 'rollback', StepDefinition>> = {
  plan: { title: 'Plan', preconditions: [], records: ['planned', 'abandoned'] },
  bump: { title: 'Bump', preconditions: ['treeClean'], records: ['bump.intent', 'bump.outcome'] },
  image: { title: 'Images', preconditions: ['treeClean', 'bumped'], records: ['images'] },
  check: { title: 'Check', preconditions: ['treeClean', 'bumped', 'built'], records: ['check'] },
  deploy: {
    title: 'Deploy',
    preconditions: [
      'environmentKnown',
      'treeClean',
      'dossier',
      'fresh',
      'ownVerdicts',
      'images',
      'notBad',
      'notOlder',
      'promoted',
      'forwardPorted',
      'debtsSettled',
      'tagged',
      'approved',
      'rehearsed',
      'backedUp',
      'notFrozen',
    ],
    records: ['debt.opened', 'deploy.intent', 'step.intent', 'step.outcome', 'deploy.outcome'],
  },
  verify: { title: 'Verify', preconditions: ['environmentKnown', 'deployed'], records: ['verify.outcome'] },
  approve: { title: 'Approve', preconditions: ['bumped'], records: ['approval'] },
  tag: {
    title: 'Tag',
    preconditions: ['treeClean', 'dossier', 'fresh', 'verifiedBeforeTag', 'forwardPorted', 'debtsSettled'],
    records: ['tag.intent', 'tag.outcome', 'forwardport.opened', 'forwardport.closed'],
  },
  // What does not hold is what it is about: the step itself looks which of it may be passed over.
  bypass: {
    title: 'Bypass',
    preconditions: ['environmentKnown', 'treeClean', 'bumped', 'built'],
    records: ['bypass.requested', 'debt.settled'],
  },
  // No clean tree, no dossier, no approval: nothing may stand between an outage and the way back.
  rollback: {
    title: 'Roll back',
    preconditions: ['environmentKnown'],
    records: ['rollback.intent', 'step.intent', 'step.outcome', 'rollback.outcome'],
  },
  ship: { title: 'Ship', preconditions: [], records: [] },
};
