import fc from 'fast-check';
import { readReport, ReportError, type TestReport } from './index';

interface Shape {
  status?: string;
  assertions?: { status: string; messages?: string[] }[];
  message?: string;
}

function jest(suites: readonly Shape[], claims: Record<string, unknown> = {}): string {
  const all = suites.flatMap(({ assertions = [] }) => assertions);
  const count = (...statuses: string[]): number => all.filter(({ status }) => statuses.includes(status)).length;
  return JSON.stringify({
    success: count('failed') === 0 && suites.every(({ status }) => status !== 'failed'),
    numTotalTests: all.length,
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('pending'),
    numTodoTests: count('todo'),
    wasInterrupted: false,
    somethingNew: { nobody: 'minds' },
    testResults: suites.map(({ status, assertions = [], message = '' }, index) => ({
      name: `/w/src/s${index}.test.ts`,
      status: status ?? (assertions.some((test) => test.status === 'failed') ? 'failed' : 'passed'),
      message,
      assertionResults: assertions.map((test, number) => ({
        fullName: `t${number}`,
        status: test.status,
        duration: 5,
        failureMessages: test.messages ?? [],
        location: null,
      })),
    })),
    ...claims,
  });
}

function read(json: string): TestReport {
  const { format, report } = readReport('auto', json);
  expect(format).toBe('jest-json');
  return report as TestReport;
}

function problem(json: string): string {
  try {
    readReport('jest-json', json);
  } catch (error) {
    if (error instanceof ReportError) return error.problem;
    throw error;
  }
  return 'none';
}

const FAILING = jest([
  { assertions: [{ status: 'passed' }, { status: 'pending' }, { status: 'todo' }] },
  {
    assertions: [
      {
        status: 'failed',
        messages: ['\u001b[31mError: no row\u001b[39m\n    at Object.<anonymous> (/w/src/s1.test.ts:9:3)'],
      },
    ],
  },
]);

describe("reading Jest's JSON", () => {
  it('reads counts and failures, without colours', () => {
    expect(read(FAILING)).toEqual({
      kind: 'tests',
      total: 4,
      passed: 1,
      failed: 1,
      errored: 0,
      skipped: 2,
      durationMs: 20,
      origin: { measuredAt: null, validUntil: null, tool: null, toolVersion: null, database: null },
      failures: [{ name: 't0', file: '/w/src/s1.test.ts', line: 9, message: 'Error: no row' }],
    });
  });

  it('takes todo tests counted among the pending ones', () => {
    expect(
      read(jest([{ assertions: [{ status: 'todo' }, { status: 'passed' }] }], { numPendingTests: 1, numTodoTests: 1 })),
    ).toMatchObject({ skipped: 1 });
  });

  it('counts a suite that could not run as an error', () => {
    const report = read(
      jest([{ assertions: [{ status: 'passed' }] }, { status: 'failed', message: "Cannot find module './x'" }], {
        numRuntimeErrorTestSuites: 1,
      }),
    );
    expect(report).toMatchObject({ total: 2, passed: 1, errored: 1 });
    expect(report.failures[0]).toMatchObject({ file: '/w/src/s1.test.ts', message: "Cannot find module './x'" });
  });

  it('names a test by its titles where it has no full name', () => {
    const json = jest([{ assertions: [{ status: 'failed' }] }]).replace(
      '"fullName":"t0"',
      '"ancestorTitles":["cart","total"],"title":"adds"',
    );
    expect(read(json).failures[0]?.name).toBe('cart total adds');
  });

  it('counts a run that failed without a failed test as an error', () => {
    expect(read(jest([{ assertions: [{ status: 'passed' }] }], { success: false }))).toMatchObject({
      passed: 1,
      errored: 1,
    });
  });

  it.each([
    ['an interrupted run', jest([], { wasInterrupted: true }), 'truncated'],
    ['a wrong total', jest([{ assertions: [{ status: 'passed' }] }], { numTotalTests: 2 }), 'contradictory'],
    [
      'a wrong count of passed tests',
      jest([{ assertions: [{ status: 'pending' }] }], { numPassedTests: 1 }),
      'contradictory',
    ],
    [
      'a wrong count of failed tests',
      jest([{ assertions: [{ status: 'failed' }] }], { numFailedTests: 0 }),
      'contradictory',
    ],
    ['success with failures', jest([{ assertions: [{ status: 'failed' }] }], { success: true }), 'contradictory'],
    ['more broken suites than listed', jest([], { numRuntimeErrorTestSuites: 1, success: false }), 'contradictory'],
    ['a negative count', jest([], { numTotalTests: -1 }), 'malformed'],
    ['a missing count', jest([], { numFailedTests: undefined }), 'malformed'],
    ['an unknown status', jest([{ assertions: [{ status: 'maybe' }] }]), 'malformed'],
    ['null', 'null', 'unsupported'],
    ['an empty object', '{}', 'empty'],
    ['an empty list', '[]', 'empty'],
    ['deep nesting', '['.repeat(1_000_000), 'hostile'],
  ])('refuses %s', (_what, json, expected) => {
    expect(problem(json)).toBe(expected);
  });

  it('refuses a report cut off anywhere', () => {
    for (let length = 0; length < FAILING.length; length += 1) {
      expect(['truncated', 'empty']).toContain(problem(FAILING.slice(0, length)));
    }
  });

  it('never calls a damaged failing report passed, and throws nothing but ReportError', () => {
    fc.assert(
      fc.property(
        fc.nat(FAILING.length - 1),
        fc.integer({ min: 0, max: 3 }),
        fc.string({ unit: 'binary', maxLength: 3 }),
        (at, removed, inserted) => {
          try {
            const report = read(FAILING.slice(0, at) + inserted + FAILING.slice(at + removed));
            expect(report.failed + report.errored).toBeGreaterThan(0);
          } catch (error) {
            if (!(error instanceof ReportError)) throw error;
          }
        },
      ),
      { numRuns: 700 },
    );
  });
});
