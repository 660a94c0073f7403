import type { CoverageReport, Share, TestFailure, TestReport } from '../reports/report';
import type { Evidence, JudgedProject } from './check';
import { coverageCheck } from './coverage';
import { testsCheck } from './tests';

const POLICY = { lines: 80, newLines: 80, tinyChange: 10, noise: 0.5 };
const PROJECT: JudgedProject = {
  name: 'api',
  root: 'packages/api',
  kind: 'npm',
  targets: [],
  documents: null,
  asOf: new Date(0),
};

function evidence<R>(...reports: readonly R[]): Evidence<R> {
  return { reports, unreadable: [], looked: { kind: 'coverage', globs: [], root: 'packages/api', producers: [] } };
}

function report(covered: number, branches: Share | null = null, path = 'a.ts'): CoverageReport {
  const lines = Array.from({ length: 10 }, (_, index) => index + 1);
  const file = { path, covered, total: 10, uncovered: lines.slice(covered), coveredLines: lines.slice(0, covered) };
  return { kind: 'coverage', lines: { covered, total: 10 }, branches, files: [file] };
}

const judge = (policy: object, ...reports: readonly CoverageReport[]): ReturnType<typeof coverageCheck.judge> =>
  coverageCheck.judge(evidence(...reports), { ...POLICY, ...policy }, PROJECT);

describe('the coverage check', () => {
  it('asks for branches only where the policy does', () => {
    expect(judge({}, report(8)).verdict).toBe('pass');
    expect(judge({}, report(8, { covered: 0, total: 4 })).verdict).toBe('pass');
  });

  it.each([
    [
      'enough of both',
      8,
      { covered: 3, total: 4 },
      'pass',
      80,
      [/^80 % of 10 lines.*; 75 % of 4 branches covered, at least/],
    ],
    ['too few branches', 8, { covered: 2, total: 4 }, 'fail', 50, [/^50 % of 4 branches covered, below 75 %$/]],
    ['too few lines', 7, { covered: 4, total: 4 }, 'fail', 70, [/^70 % of 10 lines covered, below 80 %$/]],
    ['too few of both', 7, { covered: 2, total: 4 }, 'fail', 70, [/below 80 %; 50 % of 4 branches/]],
    [
      'branches that nobody knows',
      8,
      null,
      'inconclusive',
      null,
      [/^75 % of branches must be covered, but the report/],
    ],
    ['no branches', 8, { covered: 0, total: 0 }, 'inconclusive', null, [/does not say/]],
  ] as const)('%s', (_what, covered, branches, verdict, measured, [reason]) => {
    expect(judge({ branches: 75 }, report(covered, branches))).toMatchObject({
      verdict,
      measured,
      reason: expect.stringMatching(reason) as string,
    });
  });

  it('fails for its lines although nobody knows its branches, and says what would be left', () => {
    expect(judge({ branches: 75 }, report(7))).toMatchObject({
      verdict: 'fail',
      unsettled: '75 % of branches must be covered, but the report does not say how many are',
    });
  });

  it('adds up branches of reports about different files, and of no others', () => {
    const half = { covered: 2, total: 4 };
    const all = { covered: 4, total: 4 };
    expect(judge({ branches: 75 }, report(8, half, 'a.ts'), report(8, all, 'b.ts')).verdict).toBe('pass');
    expect(judge({ branches: 75 }, report(8, half), report(8, all))).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/2 reports can't be added up/) as string,
    });
  });

  it('gives what blocks a name to waive it by, and the smallest thing that mends it', () => {
    const findings = judge({ branches: 75 }, report(7, { covered: 1, total: 3 })).findings;
    expect(findings.map(({ fingerprint, fix }) => [fingerprint, fix])).toEqual([
      ['coverage:lines@70.0', 'cover 1 more of them with tests'],
      ['coverage:branches@33.3', 'cover 2 more of them with tests'],
      [undefined, undefined],
    ]);
    expect(judge({}, report(8)).findings).toEqual([]);
  });
});

describe('the names by which failing tests are waived', () => {
  function prints(failures: readonly Partial<TestFailure>[], passRate = 100): unknown[] {
    const all = failures.map((failure) => ({ name: 'lists', file: null, line: null, message: 'no', ...failure }));
    const tests: TestReport = {
      kind: 'tests',
      ...{ total: 10, passed: 10 - all.length, failed: all.length, errored: 0, skipped: 0 },
      failures: all,
      durationMs: null,
    };
    return testsCheck
      .judge(evidence(tests) as never, { passRate }, PROJECT)
      .findings.map(({ fingerprint }) => fingerprint);
  }

  it.each([
    ['relative', { file: 'src/a.test.ts' }, 'tests:src/a.test.ts:lists'],
    ['absolute', { file: '/home/ci/packages/api/src/a.test.ts' }, 'tests:src/a.test.ts:lists'],
    ['elsewhere', { file: '/home/ci/lib/helper.ts' }, 'tests:helper.ts:lists'],
    ['unknown', {}, 'tests:unknown:lists'],
    ['odd in name', { name: 'mails\n a@b', file: 'x@y.ts' }, 'tests:x(at)y.ts:mails a(at)b'],
  ])('file is %s', (_what, failure, expected) => {
    expect(prints([failure])).toEqual([expected]);
  });

  it('tells failures of the same name apart', () => {
    expect(prints([{}, {}, { name: 'opens' }])).toEqual([
      'tests:unknown:lists',
      'tests:unknown:lists#2',
      'tests:unknown:opens',
    ]);
  });

  it('gives none where failures do not keep the check from passing', () => {
    expect(prints([{}], 90)).toEqual([undefined]);
  });
});
