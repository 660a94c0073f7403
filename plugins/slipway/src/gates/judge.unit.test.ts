import fc from 'fast-check';
import { slipwaySchema, type ProjectGateConfig } from '../config/schema';
import { judgeProject, type JudgeInput, type ReportFile } from './judge';
import { mergePolicy, type GatePolicy } from './policy';

const ALL = slipwaySchema.parse({}).gates;
const OFF = { notApplicable: 'not of interest here' };
/** Only tests and coverage are judged. */
const QUIET = { security: OFF, performance: OFF, accessibility: OFF, documentation: OFF, migrations: OFF };

function policyOf(gates: ProjectGateConfig['gates'] = {}): GatePolicy {
  return mergePolicy(ALL, { gates: { ...QUIET, ...gates } });
}

function junit(passed: number, failed = 0, skipped = 0): string {
  const cases = [
    '<testcase name="ok"/>'.repeat(passed),
    '<testcase name="bad"><failure message="no"/></testcase>'.repeat(failed),
    '<testcase><skipped/></testcase>'.repeat(skipped),
  ];
  return `<testsuite tests="${passed + failed + skipped}" failures="${failed}" skipped="${skipped}">${cases.join('')}</testsuite>`;
}

function lcov(covered: number, total: number, path = 'src/a.ts', from = 1): string {
  const lines = Array.from({ length: total }, (_, index) => `DA:${from + index},${index < covered ? 1 : 0}\n`);
  return `SF:${path}\n${lines.join('')}LF:${total}\nLH:${covered}\nend_of_record\n`;
}

function file(path: string, content: string, extra: Partial<ReportFile> = {}): ReportFile {
  return { path: `packages/api/${path}`, wanted: ['tests', 'coverage'], named: true, content, ...extra };
}

function judge(files: readonly ReportFile[], extra: Partial<JudgeInput> = {}): ReturnType<typeof judgeProject> {
  return judgeProject({
    project: { name: 'api', root: 'packages/api', kind: 'npm', targets: [], documents: null },
    directory: '/w/packages/api',
    policy: policyOf(),
    files,
    globs: {
      tests: ['reports/*.xml'],
      coverage: ['coverage/lcov.info'],
      security: [],
      performance: [],
      accessibility: [],
      documentation: [],
      migrations: [],
    },
    producers: ['test'],
    asOf: '2026-11-22',
    waivers: { waivers: [] },
    auditValidFor: 24 * 60 * 60 * 1_000,
    subject: 'a'.repeat(64),
    tool: { name: 'nx-slipway', version: '1.0.0' },
    ...extra,
  });
}

const tests = (...args: Parameters<typeof judge>) => judge(...args).checks.find(({ check }) => check === 'tests');
const coverage = (...args: Parameters<typeof judge>) => judge(...args).checks.find(({ check }) => check === 'coverage');

const GREEN = file('reports/junit.xml', junit(3));
const COVERED = file('coverage/lcov.info', lcov(9, 10));

describe('judging a project', () => {
  it('passes when every test passed and enough is covered, and keeps what it read', () => {
    expect(judge([GREEN, COVERED])).toMatchObject({
      v: 2,
      asOf: '2026-11-22',
      validUntil: null,
      verdict: 'pass',
      reason: 'tests: all 3 tests passed; coverage: 90 % of 10 lines covered, at least 80 % asked for',
      reports: [
        {
          path: 'packages/api/reports/junit.xml',
          format: 'junit',
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        },
        { path: 'packages/api/coverage/lcov.info', format: 'lcov' },
      ],
    });
  });

  it('is the worst of its checks', () => {
    expect(judge([file('r.xml', junit(1, 1)), COVERED]).verdict).toBe('fail');
    expect(judge([GREEN]).verdict).toBe('inconclusive');
    expect(judge([file('r.xml', junit(1, 1))]).verdict).toBe('fail');
  });

  it('is not applicable only when nothing applies', () => {
    const off = { notApplicable: 'holds no code' };
    const none = policyOf({ tests: off, coverage: off });
    expect(judge([], { policy: none })).toMatchObject({
      verdict: 'notApplicable',
      reason: expect.stringMatching(/^tests: holds no code; coverage: holds no code/) as string,
    });
    const half = policyOf({ coverage: off });
    expect(judge([GREEN], { policy: half }).verdict).toBe('pass');
    expect(judge([], { policy: half }).verdict).toBe('inconclusive');
  });

  it('judges a kind of report only where it was looked for', () => {
    expect(tests([file('r.xml', junit(1), { wanted: ['coverage'] })])?.verdict).toBe('inconclusive');
  });

  it('passes over an unknown file that nobody named, and no other', () => {
    const other = '<checkstyle/>';
    expect(judge([GREEN, COVERED, file('reports/style.xml', other, { named: false })]).verdict).toBe('pass');
    expect(judge([GREEN, COVERED, file('reports/style.xml', other)]).verdict).toBe('inconclusive');
    expect(judge([GREEN, COVERED, file('reports/cut.xml', '<testsuite>', { named: false })]).verdict).toBe(
      'inconclusive',
    );
  });
});

describe('what a verdict relies on', () => {
  const dated = (validUntil: string): ReportFile =>
    file(
      'reports/jest.json',
      JSON.stringify({
        slipway: { measuredAt: '2026-11-20T08:00:00Z', validUntil },
        numTotalTests: 1,
        numPassedTests: 1,
        numFailedTests: 0,
        numPendingTests: 0,
        success: true,
        testResults: [
          {
            name: '/w/a.test.js',
            status: 'passed',
            assertionResults: [{ title: 'a', fullName: 'a', status: 'passed' }],
          },
        ],
      }),
    );

  it('counts until the first of its reports no longer does', () => {
    const verdict = judge([dated('2026-11-23T08:00:00Z'), COVERED]);
    expect(verdict).toMatchObject({ verdict: 'pass', validUntil: '2026-11-23T08:00:00.000Z' });
    expect(verdict.reports.find(({ path }) => path.endsWith('jest.json'))).toMatchObject({
      validUntil: '2026-11-23T08:00:00.000Z',
      origin: { measuredAt: '2026-11-20T08:00:00.000Z' },
    });
  });

  it('is inconclusive with a report that no longer counts', () => {
    expect(tests([dated('2026-11-21T08:00:00Z')])).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/it counted until 2026-11-21T08:00:00.000Z, and this is 2026-11-22/) as string,
    });
  });

  it('is inconclusive with a copy of a report, which would count twice', () => {
    expect(tests([GREEN, file('reports/again.xml', junit(3))])).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/again\.xml can't be relied on: it is a copy of .*junit\.xml/) as string,
    });
  });

  it('says what it passed over', () => {
    expect(judge([GREEN, COVERED, file('reports/style.xml', '<checkstyle/>', { named: false })]).warnings).toEqual([
      expect.stringMatching(/^packages\/api\/reports\/style\.xml was passed over: XML with root <checkstyle>/),
    ]);
  });

  it('is the same for the same inputs', () => {
    expect(judge([GREEN, COVERED])).toEqual(judge([GREEN, COVERED]));
  });

  it('is inconclusive where nobody can tell which waivers there are', () => {
    const verdict = judge([GREEN, COVERED], { waivers: { problem: 'waivers.json:1:1: not valid JSON' } });
    expect(verdict).toMatchObject({ verdict: 'inconclusive', reason: 'waivers: waivers.json:1:1: not valid JSON' });
  });
});

describe('the tests gate', () => {
  it('reports skipped tests as neither passed nor failed', () => {
    expect(tests([file('r.xml', junit(2, 0, 3))])).toMatchObject({
      verdict: 'pass',
      reason: 'all 2 tests passed, 3 skipped',
      measured: 100,
    });
    expect(tests([file('r.xml', junit(2, 1, 3))])).toMatchObject({
      verdict: 'fail',
      reason: '66.66 % passed, 1 of 3 failed, 3 skipped; 100 % must pass',
      findings: [{ title: 'bad', detail: 'no' }],
    });
  });

  it('adds up several reports', () => {
    expect(tests([file('a.xml', junit(2)), file('b.xml', junit(3, 1))])).toMatchObject({
      verdict: 'fail',
      measured: (100 * 5) / 6,
    });
  });

  it('takes a lower pass rate, exactly', () => {
    const policy = policyOf({ tests: { passRate: 75 } });
    expect(tests([file('a.xml', junit(3, 1))], { policy })?.verdict).toBe('pass');
    expect(tests([file('a.xml', junit(5, 2))], { policy })?.verdict).toBe('fail');
  });

  it.each([
    ['no report', [], /^no test report in packages\/api; make one with: npx nx run api:test$/],
    ['no tests', [file('r.xml', junit(0))], /holds no tests/],
    ['only skipped tests', [file('r.xml', junit(0, 0, 4))], /all 4 tests were skipped/],
    [
      'an unreadable report',
      [{ path: 'r.xml', wanted: ['tests'], named: true, error: 'permission denied' } satisfies ReportFile],
      /r\.xml can't be relied on: permission denied/,
    ],
    [
      'one broken report beside a good one',
      [GREEN, file('b.xml', '<testsuite tests="2"/>')],
      /b\.xml can't be relied on: suite "" claims 2 tests but lists 0/,
    ],
  ] as const)('is inconclusive with %s', (_what, files, reason) => {
    expect(tests(files)).toMatchObject({
      verdict: 'inconclusive',
      measured: null,
      reason: expect.stringMatching(reason) as string,
    });
  });

  it('fails for a failed test also where another report is broken', () => {
    expect(tests([file('a.xml', junit(1, 1)), file('b.xml', '<testsuite')])).toMatchObject({
      verdict: 'fail',
      findings: [{ title: 'bad' }, { file: 'packages/api/b.xml' }],
    });
  });

  it('says how many failures it does not list', () => {
    expect(tests([file('a.xml', junit(0, 120))])?.findings.at(-1)).toEqual({ title: 'and 70 more' });
  });

  it('says where it looked', () => {
    expect(tests([])?.findings).toEqual([{ title: 'looked for reports/*.xml' }]);
  });

  it('says what to do where no target makes a report', () => {
    expect(tests([], { producers: [] })?.reason).toMatch(/name it in "producers".*"notApplicable" in slipway\.json/);
  });
});

describe('the coverage gate', () => {
  it('never rounds up: a share just below is a fail and is seen to be below', () => {
    expect(coverage([file('l', lcov(19_999, 25_000))])).toMatchObject({
      verdict: 'fail',
      reason: '79.99 % of 25000 lines covered, below 80 %',
      measured: 79.996,
    });
    expect(coverage([file('l', lcov(20_000, 25_000))])?.verdict).toBe('pass');
  });

  it('names the files that miss most, with their lines', () => {
    const both = `${lcov(1, 4, '/w/packages/api/src/b.ts')}${lcov(1, 10, 'src/a.ts')}`;
    expect(coverage([file('l', both)])?.findings.filter(({ file: path }) => path !== undefined)).toEqual([
      { title: '9 of 10 lines uncovered', file: 'src/a.ts', line: 2, detail: 'uncovered: 2-10' },
      { title: '3 of 4 lines uncovered', file: 'src/b.ts', line: 2, detail: 'uncovered: 2-4' },
    ]);
  });

  it('merges reports by line: covered in one is covered', () => {
    const unit = 'SF:src/a.ts\nDA:1,1\nDA:2,0\nDA:3,0\nend_of_record\n';
    const integration = 'SF:/w/packages/api/src/a.ts\nDA:1,0\nDA:2,1\nDA:3,0\nend_of_record\n';
    expect(coverage([file('a', unit), file('b', integration)])).toMatchObject({
      verdict: 'fail',
      measured: (100 * 2) / 3,
    });
  });

  it.each([
    ['no report', [], /no coverage report/],
    ['no lines', [file('l', 'SF:x\nLF:0\nLH:0\nend_of_record\n')], /nothing was measured/],
    ['a broken report beside a good one', [COVERED, file('c', 'SF:x\n')], /breaks off in the record of x/],
    [
      'sums that disagree with lines',
      [
        COVERED,
        file(
          's.json',
          JSON.stringify({
            total: { lines: { total: 10, covered: 8 } },
            '/w/packages/api/src/a.ts': { lines: { total: 10, covered: 8 } },
          }),
        ),
      ],
      /disagree on src\/a\.ts/,
    ],
    [
      'a bare total among several',
      [COVERED, file('s.json', JSON.stringify({ total: { lines: { total: 10, covered: 8 } } }))],
      /can not be merged/,
    ],
  ] as const)('is inconclusive with %s', (_what, files, reason) => {
    expect(coverage(files)).toMatchObject({
      verdict: 'inconclusive',
      measured: null,
      reason: expect.stringMatching(reason) as string,
    });
  });

  it('passes exactly when covered / total reaches the limit, and shows the same', () => {
    const numbers = fc.record({
      total: fc.integer({ min: 1, max: 300 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      limit: fc.integer({ min: 0, max: 1000 }),
    });
    fc.assert(
      fc.property(numbers, ({ total, share, limit }) => {
        const covered = Math.floor(share * total);
        const lines = limit / 10;
        const result = coverage([file('l', lcov(covered, total))], {
          policy: policyOf({ coverage: { lines, noise: 0 } }),
        });
        expect(result?.verdict).toBe(covered * 1000 >= limit * total ? 'pass' : 'fail');
        const shown = Number(/^([\d.]+) %/.exec(result?.reason ?? '')?.[1]);
        expect(shown >= lines).toBe(result?.verdict === 'pass');
      }),
    );
  });
});

describe('policy', () => {
  it("puts the project's own settings over the workspace's", () => {
    expect(mergePolicy(ALL, { gates: { coverage: { lines: 70 } } }).coverage).toEqual({ ...ALL.coverage, lines: 70 });
    expect(mergePolicy(ALL, { gates: { coverage: OFF } }).coverage).toEqual(OFF);
    const { review: _review, images: _images, acceptance: _acceptance, ...perProject } = ALL;
    expect(mergePolicy(ALL, { gates: {} })).toEqual(perProject);
  });
});
