/** Why a step refuses, and what to do about it. */
export interface Refusal {
  /** Stable identifier of the precondition, e.g. `treeClean`. */
  readonly id: string;
  readonly reason: string;
  /** What mends it: a command to run, or an instruction. */
  readonly remedy: string;
}

/** How a step ended. Nx folds exit codes to 0 and 1, so this is what tells the cases apart. */
export type Outcome =
  | { readonly kind: 'done'; readonly summary: string }
  | { readonly kind: 'alreadyDone'; readonly summary: string }
  /** A dry run: nothing was touched. */
  | { readonly kind: 'wouldDo'; readonly summary: string }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
  | { readonly kind: 'failed'; readonly reason: string; readonly remedy: string }
  | { readonly kind: 'rolledBack'; readonly to: string; readonly reason: string }
  | { readonly kind: 'mixed'; readonly reason: string; readonly remedy: string }
  | { readonly kind: 'waiting'; readonly on: string; readonly run: string }
  | { readonly kind: 'unknown'; readonly reason: string; readonly findOut: string };

export type OutcomeKind = Outcome['kind'];

export function succeeded(outcome: Outcome): boolean {
  return outcome.kind === 'done' || outcome.kind === 'alreadyDone' || outcome.kind === 'wouldDo';
}

/** The one sentence that says which of the outcomes is true. */
export function sentence(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'done':
      return `Done: ${outcome.summary}.`;
    case 'alreadyDone':
      return `Already done: ${outcome.summary}.`;
    case 'wouldDo':
      return `Dry run, nothing changed: would ${outcome.summary}.`;
    case 'refused':
      return `Refused, nothing changed: ${outcome.refusals.map((refusal) => refusal.reason).join('; ')}.`;
    case 'failed':
      return `Failed, nothing changed: ${outcome.reason}.`;
    case 'rolledBack':
      return `Failed, rolled back to ${outcome.to}: ${outcome.reason}.`;
    case 'mixed':
      return `Failed, mixed state: ${outcome.reason}. Mend it with: ${outcome.remedy}`;
    case 'waiting':
      return `Waiting for ${outcome.on}, to run: ${outcome.run}`;
    case 'unknown':
      return `Unknown: ${outcome.reason}. Find out with: ${outcome.findOut}`;
  }
}
