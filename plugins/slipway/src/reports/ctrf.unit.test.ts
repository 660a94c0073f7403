import { readReport, ReportError, type TestReport } from './index';

interface Parts {
  readonly tests?: readonly { readonly status: string; readonly [key: string]: unknown }[];
  readonly summary?: object;
  readonly root?: object;
}

function ctrf({ tests = [{ status: 'passed' }], summary = {}, root = {} }: Parts = {}): string {
  const count = (status: string): number => tests.filter((test) => test.status === status).length;
  const counts = Object.fromEntries(
    ['passed', 'failed', 'skipped', 'pending', 'other'].map((status) => [status, count(status)]),
  );
  return JSON.stringify({
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    results: {
      tool: { name: 'playwright', version: '1.57.0' },
      summary: { tests: tests.length, ...counts, start: 1_793_000_000_000, stop: 1_793_000_001_000, ...summary },
      tests: tests.map((test, index) => ({ name: `t${index}`, duration: 5, ...test })),
    },
    ...root,
  });
}

function read(json: string): TestReport {
  const { format, report } = readReport('auto', json);
  expect(format).toBe('ctrf');
  return report as TestReport;
}

function problem(json: string): string {
  try {
    readReport('ctrf', json);
  } catch (error) {
    if (error instanceof ReportError) return error.problem;
    throw error;
  }
  return 'none';
}

describe('reading CTRF', () => {
  it('takes a count that is left out for none', () => {
    const summary = { skipped: undefined, pending: undefined, other: undefined };
    expect(read(ctrf({ summary }))).toMatchObject({ total: 1, passed: 1 });
    expect(problem(ctrf({ tests: [{ status: 'other' }], summary }))).toBe('contradictory');
  });

  it('reads every status: what it has no word for is no pass', () => {
    const tests = [
      { status: 'passed' },
      { status: 'skipped' },
      { status: 'pending' },
      { status: 'failed', suite: ['api', 'list'], message: 'no row', filePath: 'src/list.test.ts', line: 7 },
      { status: 'other', suite: 'api', rawStatus: 'interrupted' },
    ];
    expect(read(ctrf({ tests }))).toEqual({
      kind: 'tests',
      total: 5,
      passed: 1,
      failed: 1,
      errored: 1,
      skipped: 2,
      durationMs: 25,
      failures: [
        { name: 'api › list › t3', file: 'src/list.test.ts', line: 7, message: 'no row' },
        { name: 'api › t4', file: null, line: null, message: 'ended as "interrupted"' },
      ],
      origin: {
        measuredAt: '2026-10-26T07:33:21.000Z',
        validUntil: null,
        tool: 'playwright',
        toolVersion: '1.57.0',
        database: null,
      },
    });
  });

  it('reads reports from before the format named itself', () => {
    expect(read(ctrf({ root: { reportFormat: undefined, specVersion: undefined } }))).toMatchObject({ passed: 1 });
  });

  it.each([
    ['a wrong total', ctrf({ summary: { tests: 2 } }), 'contradictory'],
    ['a wrong count of failed tests', ctrf({ tests: [{ status: 'failed' }], summary: { failed: 0 } }), 'contradictory'],
    [
      'a wrong count of passed tests',
      ctrf({ tests: [{ status: 'skipped' }], summary: { passed: 1 } }),
      'contradictory',
    ],
    ['a negative count', ctrf({ summary: { other: -1 } }), 'malformed'],
    ['a missing count', ctrf({ summary: { failed: undefined } }), 'malformed'],
    ['an unknown status', ctrf({ tests: [{ status: 'fine' }] }), 'malformed'],
    ['an unknown version', ctrf({ root: { specVersion: '2.0.0' } }), 'unknownVersion'],
    ['another format', ctrf({ root: { reportFormat: 'OTHER' } }), 'malformed'],
    ['no results', JSON.stringify({ reportFormat: 'CTRF', specVersion: '0.0.0' }), 'malformed'],
  ])('refuses %s', (_what, json, expected) => {
    expect(problem(json)).toBe(expected);
  });
});
