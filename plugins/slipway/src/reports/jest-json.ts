import { z } from 'zod';
import { fromEpoch } from './epoch';
import { firstLine, locate } from './failure-text';
import { isRecord, type ReportInput, type ReportReader } from './input';
import { parseShape } from './json';
import { originOf } from './origin';
import { MAX_FAILURES, ReportError, type TestFailure, type TestReport } from './report';

const count = z.number().int().min(0);

/** What is counted on; Jest 30 and Vitest 3 write more. */
const shape = z.object({
  success: z.boolean(),
  startTime: z.unknown().optional(),
  wasInterrupted: z.boolean().optional(),
  numTotalTests: count,
  numPassedTests: count,
  numFailedTests: count,
  numPendingTests: count,
  numTodoTests: count.default(0),
  numRuntimeErrorTestSuites: count.default(0),
  testResults: z.array(
    z.object({
      name: z.string().nullish(),
      status: z.string(),
      message: z.string().nullish(),
      assertionResults: z.array(
        z.object({
          fullName: z.string().optional(),
          ancestorTitles: z.array(z.string()).optional(),
          title: z.string().optional(),
          status: z.enum(['passed', 'failed', 'pending', 'skipped', 'todo', 'disabled']),
          duration: z.number().nullish(),
          failureMessages: z.array(z.string()).nullish(),
          location: z.object({ line: count }).nullish(),
        }),
      ),
    }),
  ),
});
type JestJson = z.output<typeof shape>;

/** What `jest --json` and Vitest's JSON reporter write. */
export const jestJson: ReportReader<'jest-json'> = {
  format: 'jest-json',
  kind: 'tests',
  title: 'Jest JSON',
  recognises: (input) =>
    input.syntax === 'json' && isRecord(input.value) && 'testResults' in input.value && 'numTotalTests' in input.value,
  read: readJestJson,
};

function readJestJson(input: ReportInput): TestReport {
  const json = parseShape(shape, input.syntax === 'json' ? input.value : null, "Jest's JSON");
  if (json.wasInterrupted) throw new ReportError('truncated', 'the run was interrupted');
  const tests = json.testResults.flatMap((suite) =>
    suite.assertionResults.map((test) => ({ ...test, file: suite.name ?? null })),
  );
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const failed = tests.filter(({ status }) => status === 'failed');
  const skipped = tests.length - passed - failed.length;
  agree('tests', json.numTotalTests, tests.length);
  agree('passed tests', json.numPassedTests, passed);
  agree('failed tests', json.numFailedTests, failed.length);
  // Vitest counts todo tests among the pending ones, Jest beside them.
  if (json.numPendingTests !== skipped)
    agree('pending and todo tests', json.numPendingTests + json.numTodoTests, skipped);

  const suites = failedSuites(json);
  // A run can fail with every test green: obsolete snapshots under --ci, a reporter that broke.
  const runFailed = !json.success && failed.length === 0 && suites.errored === 0;
  if (json.success && (failed.length > 0 || suites.errored > 0)) {
    throw new ReportError(
      'contradictory',
      `claims success with ${failed.length} failed tests and ${suites.errored} broken suites`,
    );
  }
  const errored = suites.errored + (runFailed ? 1 : 0);
  const failures: TestFailure[] = [
    ...failed.slice(0, MAX_FAILURES).map((test) => {
      const text = test.failureMessages?.[0] ?? '';
      const line = test.location?.line ?? locate(text)?.line ?? null;
      return { name: nameOf(test).slice(0, 300), file: test.file, line, message: firstLine(text) || 'no message' };
    }),
    ...suites.failures,
    ...(runFailed
      ? [{ name: 'the test run', file: null, line: null, message: 'Jest reports a failed run although no test failed' }]
      : []),
  ];
  const durations = tests.flatMap(({ duration }) => (typeof duration === 'number' && duration >= 0 ? [duration] : []));
  return {
    kind: 'tests',
    total: tests.length + errored,
    passed,
    failed: failed.length,
    errored,
    skipped,
    failures: failures.slice(0, MAX_FAILURES),
    durationMs: durations.length === 0 ? null : Math.round(durations.reduce((a, b) => a + b, 0)),
    origin: originOf({ measuredAt: fromEpoch(json.startTime, 'milliseconds') }),
  };
}

function nameOf({
  fullName,
  ancestorTitles = [],
  title = '',
}: JestJson['testResults'][number]['assertionResults'][number]): string {
  return fullName ?? ([...ancestorTitles, title].join(' ').trim() || 'a test without a name');
}

/** Suites that failed beside their tests: they did not compile, or a hook broke. */
function failedSuites(json: JestJson): { errored: number; failures: TestFailure[] } {
  const failed = json.testResults.filter(({ status }) => status === 'failed');
  if (json.numRuntimeErrorTestSuites > failed.length) {
    throw new ReportError(
      'contradictory',
      `claims ${json.numRuntimeErrorTestSuites} broken suites but lists ${failed.length}`,
    );
  }
  const broken = failed.filter((suite) => suite.assertionResults.every(({ status }) => status !== 'failed'));
  return {
    errored: Math.max(broken.length, json.numRuntimeErrorTestSuites),
    failures: broken.slice(0, MAX_FAILURES).map((suite) => ({
      name: 'the suite itself',
      file: suite.name ?? null,
      line: locate(suite.message ?? '')?.line ?? null,
      message: firstLine(suite.message ?? '') || 'the suite could not run',
    })),
  };
}

function agree(what: string, claimed: number, listed: number): void {
  if (claimed !== listed) throw new ReportError('contradictory', `claims ${claimed} ${what} but lists ${listed}`);
}
