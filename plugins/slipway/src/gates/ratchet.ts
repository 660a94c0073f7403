import type { Share } from '../reports/report';
import type { CheckResult } from './check';
import { decimal, formatShare, stateOf } from './share';

export interface RatchetPolicy {
  /** Percentage points. */
  readonly noise: number;
}

export interface RatchetSubject {
  /** Name of the check that the result is part of. */
  readonly check: string;
  /** Nx name. */
  readonly project: string;
}

/**
 * Whether coverage held, compared with the last release. It may fall by `noise` percentage points, because which lines run can
 * vary from run to run. What it is compared with is the lower of
 *
 * - the share of the last release, and
 * - the share that would be left of the last release if the lines that are gone since had all been covered ones:
 *   `(total now - uncovered then) / total now`.
 *
 * The second is lower only where there are fewer lines than then. So deleting covered code, which lowers the share although
 * nothing became worse, never fails; and what fails has more uncovered lines than the last release had, always.
 * @param last null where there is no last release, or none with coverage
 */
export function judgeRatchet(
  last: Share | null,
  now: Share,
  policy: RatchetPolicy,
  subject: RatchetSubject,
): CheckResult {
  const base = { check: subject.check, unit: 'percent', findings: [], measured: null, limit: null } as const;
  if (last === null || last.total === 0)
    return { ...base, verdict: 'notApplicable', reason: 'the last release has no coverage to compare with' };
  if (now.total === 0) return { ...base, verdict: 'inconclusive', reason: 'no lines were measured' };
  const expected = expectedShare(last, now.total);
  const measured = (100 * now.covered) / now.total;
  const limit = Math.max(0, (100 * expected.covered) / expected.total - policy.noise);
  const held = holds(now, expected, policy.noise);
  const shown = `${formatShare(now.covered, now.total, 0)} of ${now.total} lines covered`;
  const before = `${formatShare(last.covered, last.total, 0)} of ${last.total} at the last release`;
  const allowed = `up to ${policy.noise} points less are let pass`;
  if (held) return { ...base, verdict: 'pass', reason: `${shown}, ${before}; ${allowed}`, measured, limit };
  const more = now.total - now.covered - (last.total - last.covered);
  return {
    ...base,
    verdict: 'fail',
    reason: `${shown}, ${before}; ${allowed}, and ${more} more lines are uncovered than then`,
    measured,
    limit,
    findings: [
      {
        title: `${more} more uncovered lines in ${subject.project} than at the last release`,
        fix: 'cover what was added since with tests',
        fingerprint: `${subject.check}:coverage:${subject.project.replaceAll('@', '')}@${stateOf(now.covered, now.total)}`,
      },
    ],
  };
}

/** What coverage is compared with: see {@link judgeRatchet}. */
function expectedShare(last: Share, totalNow: number): Share {
  if (totalNow >= last.total) return last;
  const uncovered = last.total - last.covered;
  return { covered: Math.max(0, totalNow - uncovered), total: totalNow };
}

/** `now >= expected - noise`, in whole numbers. */
function holds(now: Share, expected: Share, noise: number): boolean {
  const { value, digits } = decimal(noise);
  const hundred = 100n * 10n ** BigInt(digits);
  const [covered, total] = [BigInt(now.covered), BigInt(now.total)];
  const [expectedCovered, expectedTotal] = [BigInt(expected.covered), BigInt(expected.total)];
  return covered * expectedTotal * hundred >= (expectedCovered * hundred - value * expectedTotal) * total;
}
