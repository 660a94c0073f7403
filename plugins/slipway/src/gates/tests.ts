import { posix } from 'node:path';
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
  judge: (evidence, policy, { root }) => judgeTests(evidence as Evidence<TestReport>, policy, root),
};

/** Share of the tests that ran which passed. Skipped tests are neither passes nor failures; they are told. */
function judgeTests(evidence: Evidence<TestReport>, policy: GatesConfig['tests'], root: string): CheckResult {
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
    findings: [...findings(evidence.reports, failed, below ? root : null), ...unreadableFindings(evidence.unreadable)],
    ...(below ? { blocking: failed } : {}),
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

/** @param root of the project, where the failures keep the check from passing; then each can be waived */
function findings(reports: readonly TestReport[], failed: number, root: string | null): Finding[] {
  const shown = reports.flatMap(({ failures }) => failures).slice(0, MAX_FINDINGS);
  const known = new Map<string, number>();
  const all: Finding[] = shown.map(({ name, file, line, message }) => ({
    title: name,
    ...(file === null ? {} : { file }),
    ...(line === null ? {} : { line }),
    detail: message,
    ...(root === null ? {} : { fingerprint: fingerprintOf(name, file, root, known) }),
  }));
  if (failed > shown.length) all.push({ title: `and ${failed - shown.length} more` });
  return all;
}

/**
 * `tests:<file>:<name>`, the same on every machine. A second failure of the same name and file is another one (`#2`): a waiver of
 * one must not cover both.
 */
function fingerprintOf(name: string, file: string | null, root: string, known: Map<string, number>): string {
  const print = `${CHECK}:${file === null ? 'unknown' : plain(withinProject(file, root))}:${plain(name)}`;
  const count = (known.get(print) ?? 0) + 1;
  known.set(print, count);
  return count === 1 ? print : `${print}#${count}`;
}

/** Some tools name files absolutely: what stands before the project differs from machine to machine. */
function withinProject(file: string, root: string): string {
  const path = file.replaceAll('\\', '/');
  if (!posix.isAbsolute(path) && !/^[A-Za-z]:/.test(path)) return path;
  const at = root === '.' ? -1 : path.lastIndexOf(`/${root}/`);
  return at < 0 ? posix.basename(path) : path.slice(at + root.length + 2);
}

/** `@` stands before what a waiver relies on, so it can be part of nothing else. */
function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim().replaceAll('@', '(at)');
}
