import { makePlan } from '../plan/make-plan';
import { PlanError, type PlanFailure } from '../plan/plan-error';
import type { PlanInput } from '../plan/plan-input';

/** The refusal to make this plan, which must be of that kind, say what mends it, and be a sentence without its full stop. */
export function refusedPlan(plan: PlanInput, failure: PlanFailure): PlanError {
  try {
    makePlan(plan);
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    expect(error.failure).toBe(failure);
    expect(error.remedy).not.toBe('');
    expect(error.message).not.toMatch(/\.$/);
    return error;
  }
  throw new Error('a plan was made');
}
