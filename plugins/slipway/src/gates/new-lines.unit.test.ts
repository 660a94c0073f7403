import type { CoverageFile, CoverageReport } from '../reports/report';
import { judgeNewLines } from './new-lines';

const SUBJECT = { check: 'comparison', project: 'api', root: 'packages/api' };
const POLICY = { newLines: 80, tinyChange: 3 };

function report(...files: readonly CoverageFile[]): CoverageReport {
  return { kind: 'coverage', lines: { covered: 0, total: 0 }, branches: null, files };
}

function file(path: string, coveredLines: readonly number[] | null, uncovered: readonly number[] = []): CoverageFile {
  const covered = coveredLines?.length ?? 1;
  return { path, covered, total: covered + uncovered.length, uncovered, coveredLines };
}

function judge(
  changed: Readonly<Record<string, readonly number[]>>,
  reports: readonly CoverageReport[],
  policy = POLICY,
): ReturnType<typeof judgeNewLines> {
  return judgeNewLines(new Map(Object.entries(changed)), reports, policy, SUBJECT);
}

const LIST = 'packages/api/src/list.ts';
const HALF = report(file('src/list.ts', [1, 2, 3, 4], [5, 6, 7, 9]));

describe('tests of changed lines', () => {
  it('fails when too few of them ran, and says which did not', () => {
    expect(judge({ [LIST]: [3, 4, 5, 6, 7, 8, 9] }, [HALF])).toEqual({
      check: 'comparison',
      verdict: 'fail',
      reason: '33.33 % of 6 changed lines covered, below 80 %',
      measured: (100 * 2) / 6,
      limit: 80,
      unit: 'percent',
      findings: [
        {
          title: '4 changed lines of api uncovered',
          fix: 'cover the lines listed with tests',
          fingerprint: 'comparison:new-lines:api@33.3',
        },
        { title: '4 of 6 changed lines uncovered', file: LIST, line: 5, detail: 'uncovered: 5-7, 9' },
      ],
    });
  });

  it('lets a tiny change pass, and says so', () => {
    expect(judge({ [LIST]: [4, 5, 8] }, [HALF])).toMatchObject({
      verdict: 'pass',
      reason: '50 % of 2 changed lines covered, below 80 %; let pass, because no more than 3 such lines changed',
      findings: [{ file: LIST, line: 5 }],
    });
  });

  it.each([
    ['exactly enough', { newLines: 50, tinyChange: 0 }, 'pass'],
    ['just too few', { newLines: 50.01, tinyChange: 0 }, 'fail'],
    ['as many as a tiny change has', { newLines: 80, tinyChange: 4 }, 'pass'],
    ['one more than a tiny change has', { newLines: 80, tinyChange: 3 }, 'fail'],
  ])('%s', (_what, policy, expected) => {
    expect(judge({ [LIST]: [3, 4, 5, 6] }, [HALF], policy).verdict).toBe(expected);
  });

  it.each([
    ['relative to the project', 'src/list.ts'],
    ['relative to the workspace', LIST],
    ['absolute', `/home/ci/work/${LIST}`],
    ['absolute, on Windows', `C:\\ci\\${LIST.replaceAll('/', '\\')}`],
  ])('finds files whose paths are %s', (_what, path) => {
    expect(judge({ [LIST]: [1, 2, 3, 4, 5, 6] }, [report(file(path, [1], [2, 3, 4, 5, 6]))]).verdict).toBe('fail');
  });

  it("finds a file by JaCoCo's package", () => {
    const java = 'packages/api/src/main/java/acme/Desk.java';
    expect(judge({ [java]: [1, 2, 3, 4] }, [report(file('acme/Desk.java', [], [1, 2, 3, 4]))])).toMatchObject({
      verdict: 'fail',
      findings: [{}, { file: java }],
    });
  });

  it('takes a line for covered that any report covers', () => {
    const other = report(file(`/w/${LIST}`, [5, 6, 7], [1, 2, 3, 4]));
    expect(judge({ [LIST]: [1, 2, 3, 4, 5, 6, 7] }, [HALF, other])).toMatchObject({ verdict: 'pass', measured: 100 });
  });

  it.each([
    ['nothing changed', {}],
    ['only comments changed', { [LIST]: [20, 21] }],
    ['only lines were removed', { [LIST]: [] }],
    ['only other kinds of files changed', { 'packages/api/README.md': [1, 2, 3, 4, 5] }],
    ['only tests changed', { 'packages/api/src/list.test.ts': [1, 2, 3, 4, 5] }],
  ])('passes when %s', (_what, changed) => {
    const result = judge(changed, [HALF]);
    expect(result).toMatchObject({ verdict: 'pass', measured: null, reason: 'no line changed that coverage counts' });
    expect(result).not.toHaveProperty('warnings');
  });

  it('warns of changed source files that no report knows', () => {
    expect(judge({ 'packages/api/src/new.ts': [1, 2, 3, 4, 5] }, [HALF])).toMatchObject({
      verdict: 'pass',
      warnings: ['no coverage report knows packages/api/src/new.ts, so changes there were not judged'],
    });
  });

  it.each([
    ['no report', { [LIST]: [1] }, [], /no coverage report says/],
    ['sums only', { [LIST]: [1] }, [report(file('src/list.ts', null))], /sums only/],
    [
      'a name that two files end with',
      { 'packages/api/a/src/acme/X.java': [1], 'packages/api/b/src/acme/X.java': [1] },
      [report(file('acme/X.java', [1]))],
      /acme\/X\.java may be any of packages\/api\/a\/src\/acme\/X\.java, packages\/api\/b/,
    ],
  ])('is inconclusive with %s', (_what, changed, reports, reason) => {
    expect(judge(changed, reports)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(reason) as string,
    });
  });
});
