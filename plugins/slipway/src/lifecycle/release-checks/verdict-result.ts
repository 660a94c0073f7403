import type { CheckId } from '../../gates/check';
import type { ReleaseCheckResult } from './release-check';

/** The result of a check that counts problems: it passes where there are none. */
export function problemsResult(check: CheckId, problems: readonly string[], passed: string): ReleaseCheckResult {
  return {
    check,
    verdict: problems.length === 0 ? 'pass' : 'fail',
    reason: problems.length === 0 ? passed : problems.join('; '),
    measured: problems.length,
    limit: 0,
    unit: 'count',
    findings: problems.map((title) => ({ title })),
  };
}
