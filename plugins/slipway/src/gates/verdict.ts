/** Five, and fail-closed: `inconclusive` blocks like `fail`, and is never called a failure of the code. */
export type Verdict = 'pass' | 'fail' | 'waived' | 'inconclusive' | 'notApplicable';

/** Worst first. */
const ORDER: readonly Verdict[] = ['fail', 'inconclusive', 'waived', 'pass', 'notApplicable'];

/** The verdict over several: the worst of them. Over none it is inconclusive, because nothing was judged. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return ORDER.find((verdict) => verdicts.includes(verdict)) ?? 'inconclusive';
}

/** Whether a release may go on with it. */
export function allows(verdict: Verdict): boolean {
  return verdict === 'pass' || verdict === 'waived' || verdict === 'notApplicable';
}
