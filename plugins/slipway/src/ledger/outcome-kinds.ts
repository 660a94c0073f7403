import type { OutcomeKind } from './outcome';

/** Whether a recorded outcome says that the step's effect is in the world: by this run, or by one before. */
export function succeeded(kind: OutcomeKind): boolean {
  return kind === 'done' || kind === 'alreadyDone';
}

/** Whether nobody knows what the step left behind. */
export function isDoubtful(kind: OutcomeKind): boolean {
  return kind === 'mixed' || kind === 'unknown';
}
