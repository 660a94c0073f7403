import { backupProblem, rehearsalProblem, type Waiting } from '../deployment-checks';
import { unmet, type Check, type PreconditionId, type Unmet } from './precondition';

export const rehearsed: Check = ({ context, situation, environment }) =>
  awaited('rehearsed', environment === null ? null : rehearsalProblem(context, situation, environment));

export const backedUp: Check = ({ context, situation, environment }) =>
  awaited('backedUp', environment === null ? null : backupProblem(context, situation, environment));

/** What a person has to do first. */
function awaited(id: PreconditionId, problem: Waiting | null): Unmet | null {
  if (problem === null) return null;
  const { reason, on, run } = problem;
  return { ...unmet(id, reason, run), waitingFor: { on, run } };
}
