import { LedgerError } from '../ledger/ledger';
import { RELEASE_STREAM, type LedgerEventBody } from '../ledger/events';
import { succeeded, type Outcome } from '../ledger/outcome';
import type { StepContext } from './context';

/**
 * Records how a side effect ended. Where the ledger can't be told, what happened has happened all the same, and the outcome says so.
 * @param again the command that finds the effect and records it.
 * @param before what else the ledger is to be told, and must know no later than the outcome.
 */
export async function recordOutcome(
  { ledger, world }: Pick<StepContext, 'ledger' | 'world'>,
  event: LedgerEventBody,
  outcome: Outcome,
  again: string,
  before: () => Promise<void> = () => Promise.resolve(),
): Promise<Outcome> {
  try {
    await before();
    await ledger.append(RELEASE_STREAM, event);
    return outcome;
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    if (succeeded(outcome) && 'summary' in outcome) {
      return {
        kind: 'mixed',
        reason: `${outcome.summary}, but the ledger does not know: ${error.message}`,
        remedy: again,
      };
    }
    world.log.warn(`The ledger could not be told how this ended: ${error.message}`);
    return outcome;
  }
}
