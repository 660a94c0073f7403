import { coverage as coveragePolicy } from '../config/gates/coverage';
import { judgeComparison, type ComparedProject } from './comparison';
import { measuredCounts, measuredReports } from './measured-counts';
import type { ReportFile } from './read-files';

const lcov = (covered: number, total: number): ReportFile => {
  const lines = Array.from({ length: total }, (_, index) => `DA:${index + 1},${index < covered ? 1 : 0}`);
  const content = `SF:src/a.ts\n${lines.join('\n')}\nLF:${total}\nLH:${covered}\nend_of_record\n`;
  return { path: 'packages/ui/coverage/lcov.info', wanted: ['coverage'], named: false, content };
};
const junit = (tests: number): ReportFile => ({
  path: 'packages/ui/reports/junit.xml',
  wanted: ['tests'],
  named: false,
  content: `<testsuites><testsuite name="a" tests="${tests}">${'<testcase name="t" classname="c"/>'.repeat(tests)}</testsuite></testsuites>`,
});

function compare(files: readonly ReportFile[], change: Partial<ComparedProject> = {}) {
  return judgeComparison('1.0.0', [
    {
      name: 'ui',
      root: 'packages/ui',
      policy: coveragePolicy.parse({}),
      reports: measuredReports(files),
      last: { lines: { covered: 90, total: 100 }, tests: 10 },
      changed: new Map(),
      ...change,
    },
  ]);
}

it('counts what was measured, for the next release', () => {
  expect(measuredCounts(measuredReports([lcov(9, 10), junit(3)]))).toEqual({
    lines: { covered: 9, total: 10 },
    tests: 3,
  });
  expect(measuredCounts(measuredReports([]))).toEqual({ lines: null, tests: null });
});

it.each<[string, Partial<ReportFile>]>([
  ['that can not be read', { content: 'TN:\nSF:a\nDA:1' }],
  ['of another kind', { wanted: ['security'] }],
])('counts nothing of a report %s', (_, change) => {
  expect(measuredReports([{ ...lcov(1, 2), ...change }]).coverage).toEqual([]);
});

it('passes where coverage and tests held', () => {
  const result = compare([lcov(90, 100), junit(10)]);
  expect(result).toMatchObject({ verdict: 'pass', measured: 0, limit: 0, unit: 'count' });
  expect(result.warnings).toBeUndefined();
});

it('fails where coverage fell', () => {
  const result = compare([lcov(85, 100), junit(10)]);
  expect(result).toMatchObject({ verdict: 'fail', measured: 1 });
  expect(result.reason).toMatch(/^ui: 85 % of 100 lines covered, 90 % of 100 at the last release/);
  expect(result.findings).toEqual([
    expect.objectContaining({ fingerprint: expect.stringMatching(/^comparison:coverage:ui@/) }),
  ]);
});

it('fails where changed lines are not covered', () => {
  const changed = new Map([['packages/ui/src/a.ts', Array.from({ length: 20 }, (_, index) => 81 + index)]]);
  const result = compare([lcov(90, 100), junit(10)], { changed });
  expect(result).toMatchObject({ verdict: 'fail', reason: 'ui: 50 % of 20 changed lines covered, below 80 %' });
});

it('warns of fewer tests, and fails nothing for it', () => {
  const result = compare([lcov(90, 100), junit(7)]);
  expect(result.verdict).toBe('pass');
  expect(result.warnings).toEqual(['ui: 7 tests ran, 3 fewer than at the last release (10); see that none was lost']);
});

it('warns where the last release left no counts, and still looks at what changed', () => {
  const changed = new Map([['packages/ui/src/a.ts', Array.from({ length: 20 }, (_, index) => 81 + index)]]);
  const result = compare([lcov(90, 100), junit(10)], { last: null, changed });
  expect(result.verdict).toBe('fail');
  expect(result.warnings).toEqual(['ui: the ledger holds no counts of 1.0.0, so its coverage is not compared']);
});

it.each<[string, Partial<ComparedProject>, readonly ReportFile[]]>([
  ['coverage does not concern the project', { policy: { notApplicable: 'only Dockerfiles' } }, [junit(10)]],
  ['there is no coverage', {}, [junit(10)]],
])('has nothing to compare where %s', (_, change, files) => {
  expect(compare(files, change)).toMatchObject({ verdict: 'notApplicable', measured: null });
});
