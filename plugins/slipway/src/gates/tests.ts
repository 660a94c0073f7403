import type { GatesConfig } from '../config/schema';
import type { TestReport } from '../reports/report';
import {
  inconclusive,
  unjudgeable,
  unreadableFindings,
  type CheckResult,
  type Evidence,
  type Finding,
  type ProjectCheck,
} from './check';
import { formatPercent, formatShare, reaches } from './share';

const CHECK = 'tests';
const MAX_FINDINGS = 50;

export const testsCheck: ProjectCheck<GatesConfig['tests']> = {
  id: CHECK,
  title: 'Tests',
  kinds: ['tests'],
  producers: ['release-integration'],
  exempt: () => null,
  judge: (evidence, policy) => judgeTests(evidence as Evidence<TestReport>, policy),
};

/** Share of the tests that ran which passed. Skipped tests are neither passes nor failures; they are told. */
function judgeTests(evidence: Evidence<TestReport>, policy: GatesConfig['tests']): CheckResult {
  const limit = policy.passRate;
  const sums = add(evidence.reports);
  const run = sums.passed + sums.failed + sums.errored;
  const below = run > 0 && !reaches(sums.passed, run, limit);
  // A test that failed has failed, also where another report is broken.
  const nothing = unjudgeable(CHECK, limit, evidence);
  if (nothing && !below) return nothing;
  if (run === 0) {
    return inconclusive(
      CHECK,
      limit,
      sums.skipped > 0 ? `all ${sums.skipped} tests were skipped` : 'the report holds no tests',
    );
  }
  const shown = formatShare(sums.passed, run, limit);
  const skipped = sums.skipped > 0 ? `, ${sums.skipped} skipped` : '';
  const failed = sums.failed + sums.errored;
  return {
    check: CHECK,
    verdict: below ? 'fail' : 'pass',
    reason:
      failed === 0
        ? `all ${run} tests passed${skipped}`
        : `${shown} passed, ${failed} of ${run} failed${skipped}; ${formatPercent(limit)} must pass`,
    measured: (100 * sums.passed) / run,
    limit,
    unit: 'percent',
    findings: [...findings(evidence.reports, failed), ...unreadableFindings(evidence.unreadable)],
  };
}

function add(reports: readonly TestReport[]): Pick<TestReport, 'passed' | 'failed' | 'errored' | 'skipped'> {
  const sums = { passed: 0, failed: 0, errored: 0, skipped: 0 };
  for (const report of reports) {
    sums.passed += report.passed;
    sums.failed += report.failed;
    sums.errored += report.errored;
    sums.skipped += report.skipped;
  }
  return sums;
}

function findings(reports: readonly TestReport[], failed: number): Finding[] {
  const shown = reports.flatMap(({ failures }) => failures).slice(0, MAX_FINDINGS);
  const all: Finding[] = shown.map(({ name, file, line, message }) => ({
    title: name,
    ...(file === null ? {} : { file }),
    ...(line === null ? {} : { line }),
    detail: message,
  }));
  if (failed > shown.length) all.push({ title: `and ${failed - shown.length} more` });
  return all;
}
