import { readReport, ReportError, type TestReport } from './index';

const OK = { outcome: 'passed', duration: 0.1 };
const BAD = {
  outcome: 'failed',
  duration: 0.1,
  crash: { path: '/w/.venv/lib/client.py', lineno: 99, message: 'assert 500 == 200' },
  longrepr: 'E   assert 500 == 200\n\ntickets/test_api.py:12: AssertionError',
};
const test = (outcome: string, stages: object = { setup: OK, call: OK, teardown: OK }): object => ({
  nodeid: `tickets/test_api.py::test_${outcome}`,
  outcome,
  ...stages,
});
const PASSED = test('passed');
const FAILED = test('failed', { setup: OK, call: BAD, teardown: OK });
const ERROR = test('error', { setup: BAD });

interface Parts {
  readonly tests?: readonly object[];
  readonly summary?: object;
  readonly exitcode?: number;
  readonly [key: string]: unknown;
}

function pytest({ tests = [PASSED], summary = {}, exitcode = 0, ...others }: Parts): string {
  const counts: Record<string, number> = { total: tests.length, collected: tests.length };
  for (const one of tests) {
    const outcome = 'outcome' in one ? String(one.outcome) : '';
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return JSON.stringify({ created: 1_793_000_000.5, exitcode, summary: { ...counts, ...summary }, tests, ...others });
}

function read(json: string): TestReport {
  const { format, report } = readReport('auto', json);
  expect(format).toBe('pytest-json');
  return report as TestReport;
}

function problem(json: string): string {
  try {
    readReport('pytest-json', json);
  } catch (error) {
    if (error instanceof ReportError) return error.problem;
    throw error;
  }
  return 'none';
}

describe("reading pytest's JSON", () => {
  it('reads every outcome: an expected failure says as little as a skipped test', () => {
    const tests = [
      PASSED,
      test('xpassed'),
      FAILED,
      ERROR,
      test('skipped', { setup: { outcome: 'skipped' }, teardown: OK }),
      test('xfailed', { setup: OK, call: { outcome: 'skipped' }, teardown: OK }),
    ];
    expect(read(pytest({ tests, exitcode: 1, environment: { Packages: { pytest: '9.0.1' } } }))).toEqual({
      kind: 'tests',
      total: 6,
      passed: 2,
      failed: 1,
      errored: 1,
      skipped: 2,
      durationMs: 1300,
      failures: [
        {
          name: 'tickets/test_api.py::test_failed',
          file: 'tickets/test_api.py',
          line: 12,
          message: 'assert 500 == 200',
        },
        {
          name: 'tickets/test_api.py::test_error',
          file: 'tickets/test_api.py',
          line: 12,
          message: 'assert 500 == 200',
        },
      ],
      origin: {
        measuredAt: '2026-10-26T07:33:20.500Z',
        validUntil: null,
        tool: 'pytest',
        toolVersion: '9.0.1',
        database: null,
      },
    });
  });

  it('counts a module that could not be collected as an error', () => {
    const collectors = [
      { nodeid: '', outcome: 'passed' },
      { nodeid: 'tickets/test_x.py', outcome: 'failed', longrepr: "E   ModuleNotFoundError: No module named 'x'\n" },
    ];
    const report = read(pytest({ tests: [], exitcode: 2, collectors }));
    expect(report).toMatchObject({ total: 1, passed: 0, errored: 1 });
    expect(report.failures).toEqual([
      {
        name: 'the collection of tests',
        file: 'tickets/test_x.py',
        line: null,
        message: "E   ModuleNotFoundError: No module named 'x'",
      },
    ]);
  });

  it('counts a run that failed without a failed test as an error', () => {
    expect(read(pytest({ exitcode: 1 }))).toMatchObject({ passed: 1, errored: 1 });
  });

  it('believes a list of outcomes without stages', () => {
    expect(read(pytest({ tests: [test('passed', {}), test('skipped', {})] }))).toMatchObject({ passed: 1, skipped: 1 });
    expect(problem(pytest({ tests: [test('rerun', {})] }))).toBe('contradictory');
  });

  it('takes a test that was run again by how it ended', () => {
    expect(read(pytest({ tests: [test('rerun')] }))).toMatchObject({ passed: 1 });
  });

  it('takes fewer tests than collected after the first failure, and deselected ones', () => {
    expect(read(pytest({ tests: [FAILED], summary: { collected: 5 }, exitcode: 1 }))).toMatchObject({ failed: 1 });
    expect(read(pytest({ summary: { collected: 5, deselected: 4 } }))).toMatchObject({ passed: 1 });
  });

  it('gives no tests where pytest found none', () => {
    expect(read(pytest({ tests: [], exitcode: 5 }))).toMatchObject({ total: 0 });
  });

  it.each([
    ['yesterday', null],
    [-1, null],
    [1e300, null],
    [undefined, null],
  ])('takes a time that can not be one (%s) for none', (created, expected) => {
    expect(read(pytest({ created })).origin?.measuredAt).toBe(expected);
  });

  it.each([
    ['a summary alone', JSON.stringify({ exitcode: 0, summary: { passed: 4, total: 4 } }), 'truncated'],
    ['a wrong total', pytest({ summary: { total: 2 } }), 'contradictory'],
    ['a wrong count of passed tests', pytest({ summary: { passed: 2 } }), 'contradictory'],
    [
      'a failed test that nobody counted',
      pytest({ tests: [FAILED], summary: { failed: 0 }, exitcode: 1 }),
      'contradictory',
    ],
    ['a count that is none', pytest({ summary: { failed: '0' } }), 'malformed'],
    ['exit code 0 with failures', pytest({ tests: [FAILED] }), 'contradictory'],
    ['fewer tests than collected', pytest({ summary: { collected: 2 } }), 'truncated'],
    [
      'a failed stage of a passed test',
      pytest({ tests: [test('passed', { call: OK, teardown: BAD })] }),
      'contradictory',
    ],
    ['a passed test that did not run', pytest({ tests: [test('passed', { setup: OK })] }), 'contradictory'],
    ['an interrupted run', pytest({ exitcode: 2 }), 'truncated'],
    ['an internal error', pytest({ exitcode: 3 }), 'truncated'],
    ['a usage error', pytest({ tests: [], exitcode: 4 }), 'truncated'],
    ['no tests without a reason', pytest({ tests: [], exitcode: 0 }), 'empty'],
    ['an exit code that is none', pytest({ exitcode: 0.5 }), 'malformed'],
    ['an unknown outcome', pytest({ tests: [test('fine')] }), 'malformed'],
    ['an unknown outcome of a collector', pytest({ collectors: [{ nodeid: 'a', outcome: 'lost' }] }), 'malformed'],
  ])('refuses %s', (_what, json, expected) => {
    expect(problem(json)).toBe(expected);
  });
});
