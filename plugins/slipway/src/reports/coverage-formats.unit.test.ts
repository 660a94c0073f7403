import fc from 'fast-check';
import { readReport, ReportError, type CoverageReport, type ReportFormat } from './index';

function read(format: ReportFormat, content: string): CoverageReport {
  const found = readReport('auto', content);
  expect(found.format).toBe(format);
  return found.report as CoverageReport;
}

function problem(format: ReportFormat, content: string): string {
  try {
    readReport(format, content);
  } catch (error) {
    if (error instanceof ReportError) return error.problem;
    throw error;
  }
  return 'none';
}

const LCOV = `TN:
SF:src/list.ts
FN:1,load
FNF:1
FNH:1
FNDA:4,load
DA:1,4
DA:2,0
DA:3,12345678901234567890
LF:3
LH:2
BRDA:2,0,0,-
BRDA:2,0,1,1
BRF:2
BRH:1
end_of_record
`;

const COBERTURA = `<?xml version="1.0" ?>
<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
<coverage version="7.6" timestamp="1" lines-valid="3" lines-covered="2" line-rate="0.6667" branches-covered="1" branches-valid="2" branch-rate="0.5" complexity="0">
  <sources><source>/w/packages/backend/tickets</source></sources>
  <packages><package name="." line-rate="0.6667"><classes>
    <class name="views.py" filename="views.py" line-rate="0.6667">
      <methods><method name="list"><lines><line number="1" hits="4"/></lines></method></methods>
      <lines><line number="1" hits="4"/><line number="2" hits="0"/><line number="3" hits="1" branch="true" condition-coverage="50% (1/2)"/></lines>
    </class>
  </classes></package></packages>
</coverage>`;

const at = (line: number): object => ({ start: { line, column: 0 }, end: { line, column: 9 } });
const ISTANBUL = JSON.stringify({
  '/w/src/list.ts': {
    path: '/w/src/list.ts',
    statementMap: { 0: at(1), 1: at(2), 2: at(3), 3: at(3) },
    s: { 0: 4, 1: 0, 2: 0, 3: 1 },
    fnMap: {},
    f: {},
    branchMap: {},
    b: { 0: [0, 1] },
  },
});
const SUMMARY = JSON.stringify({
  total: {
    lines: { total: 3, covered: 2, skipped: 0, pct: 66.66 },
    branches: { total: 2, covered: 1, skipped: 0, pct: 50 },
  },
  '/w/src/list.ts': { lines: { total: 3, covered: 2, skipped: 0, pct: 66.66 } },
});

describe('reading coverage', () => {
  it.each([
    ['lcov', LCOV, 'src/list.ts'],
    ['cobertura', COBERTURA, '/w/packages/backend/tickets/views.py'],
    ['istanbul', ISTANBUL, '/w/src/list.ts'],
  ] as const)('reads %s: the same three lines', (format, content, path) => {
    expect(read(format, content)).toMatchObject({
      kind: 'coverage',
      lines: { covered: 2, total: 3 },
      branches: { covered: 1, total: 2 },
      files: [{ path, covered: 2, total: 3, uncovered: [2], coveredLines: [1, 3] }],
    });
  });

  it('reads an Istanbul summary, which has no lines', () => {
    expect(read('istanbul-summary', SUMMARY)).toEqual({
      kind: 'coverage',
      lines: { covered: 2, total: 3 },
      branches: { covered: 1, total: 2 },
      files: [{ path: '/w/src/list.ts', covered: 2, total: 3, uncovered: [], coveredLines: null }],
    });
  });

  it.each([
    ['lcov', LCOV.trimEnd()],
    ['cobertura', COBERTURA],
    ['istanbul', ISTANBUL],
    ['istanbul-summary', SUMMARY],
  ] as const)('refuses %s cut off anywhere', (format, content) => {
    for (let length = 0; length < content.length; length += 1)
      expect(problem(format, content.slice(0, length))).not.toBe('none');
  });

  it.each([
    ['lcov', LCOV],
    ['cobertura', COBERTURA],
    ['istanbul', ISTANBUL],
    ['istanbul-summary', SUMMARY],
  ] as const)('gives a damaged %s possible numbers or a ReportError', (format, content) => {
    fc.assert(
      fc.property(
        fc.nat(content.length - 1),
        fc.integer({ min: 0, max: 3 }),
        fc.string({ unit: 'binary', maxLength: 3 }),
        (start, removed, inserted) => {
          try {
            const { report } = readReport(format, content.slice(0, start) + inserted + content.slice(start + removed));
            if (report.kind !== 'coverage') throw new Error('not coverage');
            expect(report.lines.covered).toBeLessThanOrEqual(report.lines.total);
            expect(report.lines.covered).toBe(report.files.reduce((sum, file) => sum + file.covered, 0));
            expect(Number.isSafeInteger(report.lines.total)).toBe(true);
          } catch (error) {
            if (!(error instanceof ReportError)) throw error;
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('LCOV', () => {
  it('merges records of one file: covered in any test is covered', () => {
    const two = 'TN:a\nSF:x\nDA:1,1\nDA:2,0\nend_of_record\nTN:b\nSF:x\nDA:1,0\nDA:2,1\nDA:3,0\nend_of_record\n';
    expect(read('lcov', two)).toMatchObject({ lines: { covered: 2, total: 3 }, files: [{ path: 'x' }] });
  });

  it('counts a line once that is listed twice, in any order', () => {
    const twice = 'SF:x\nDA:3,0\nDA:1,1\nDA:3,2\nDA:1,0\nDA:2,0\nLF:3\nLH:2\nend_of_record\n';
    expect(read('lcov', twice).files).toEqual([
      { path: 'x', covered: 2, total: 3, uncovered: [2], coveredLines: [1, 3] },
    ]);
  });

  it('reads version 2: function ranges, checksums, marked branches', () => {
    const v2 =
      '# geninfo\nSF:x\nVER:1\nFNL:0,1,4\nFNA:0,1,f\nDA:1,1,abc+/=\nBRDA:1,e0,x == 1, y,0\nMCDC:1,2,t,1,0,a\nMCF:2\nMCH:1\nend_of_record\r\n';
    expect(read('lcov', v2)).toMatchObject({ lines: { covered: 1, total: 1 }, branches: { covered: 0, total: 1 } });
  });

  it('gives no branches where the sums of them disagree: nobody knows', () => {
    expect(read('lcov', LCOV.replace('BRF:2', 'BRF:4')).branches).toBeNull();
  });

  it.each([
    ['fewer lines than claimed', LCOV.replace('DA:2,0\n', ''), 'contradictory'],
    ['more covered lines than claimed', LCOV.replace('DA:2,0', 'DA:2,1'), 'contradictory'],
    ['more covered branches than branches', LCOV.replace('BRF:2', 'BRF:0'), 'contradictory'],
    ['a negative count', LCOV.replace('DA:2,0', 'DA:2,-1'), 'contradictory'],
    ['a count that is none', LCOV.replace('DA:2,0', 'DA:2,NaN'), 'malformed'],
    ['a line without a count', LCOV.replace('DA:2,0', 'DA:2'), 'malformed'],
    ['a key that is not LCOV', LCOV.replace('DA:2,0', 'DX:2,0'), 'malformed'],
    ['a record inside a record', LCOV.replace('end_of_record', 'SF:y'), 'truncated'],
    ['an end without a beginning', `${LCOV}end_of_record\n`, 'malformed'],
    ['only a test name', 'TN:\n', 'empty'],
    ['a test name without a record at the end', `${LCOV}TN:`, 'truncated'],
    ['two sums of one thing', LCOV.replace('LF:3', 'LF:3\nLF:4'), 'contradictory'],
    ['a line number that no file has', LCOV.replace('DA:2,0', 'DA:99999999,0'), 'hostile'],
    ['a line that never ends', LCOV.replace('DA:2,0', `DA:2,${'0'.repeat(70_000)},x`), 'malformed'],
  ])('refuses %s', (_what, content, expected) => {
    expect(problem('lcov', content)).toBe(expected);
  });
});

describe('Cobertura', () => {
  it("counts Coverlet's branches, which are True in capitals", () => {
    const line = '<line number="4" hits="4" branch="True" condition-coverage="50% (1/2)"/>';
    const classes = `<classes><class name="Shop" filename="Shop.cs"><lines>${line}</lines></class></classes>`;
    const content = `<coverage lines-valid="1" lines-covered="1" branches-valid="2" branches-covered="1"><packages><package name="a">${classes}</package></packages></coverage>`;
    expect(readReport('auto', content).report).toMatchObject({ branches: { covered: 1, total: 2 } });
  });

  it('counts a file split over classes once', () => {
    const split = `<coverage lines-valid="2" lines-covered="1"><packages><package><classes>
      <class name="A" filename="a.kt"><lines><line number="1" hits="0"/><line number="2" hits="0"/></lines></class>
      <class name="A$1" filename="a.kt"><lines><line number="2" hits="3"/></lines></class></classes></package></packages></coverage>`;
    expect(read('cobertura', split)).toMatchObject({ lines: { covered: 1, total: 2 } });
  });

  it.each([
    ['a wrong sum of lines', COBERTURA.replace('lines-valid="3"', 'lines-valid="4"'), 'contradictory'],
    ['a wrong sum of covered lines', COBERTURA.replace('lines-covered="2"', 'lines-covered="3"'), 'contradictory'],
    ['more covered than there are', COBERTURA.replace('lines-covered="2"', 'lines-covered="9"'), 'contradictory'],
    [
      'a wrong rate, where there are no sums',
      COBERTURA.replace(/lines-\w+="\d"/g, '').replace('0.6667', '0.9'),
      'contradictory',
    ],
    ['a rate that is no number', COBERTURA.replace(/lines-\w+="\d"/g, '').replace('0.6667', 'NaN'), 'contradictory'],
    ['more branches covered than there are', COBERTURA.replace('(1/2)', '(3/2)'), 'contradictory'],
    ['negative hits', COBERTURA.replace('number="2" hits="0"', 'number="2" hits="-1"'), 'contradictory'],
    ['a line without hits', COBERTURA.replace('number="2" hits="0"', 'number="2"'), 'malformed'],
    ['a class without a file', COBERTURA.replace('filename="views.py"', ''), 'malformed'],
    ['no packages', '<coverage/>', 'malformed'],
    ['Clover', '<coverage clover="3.2.0"><project/></coverage>', 'unsupported'],
    ['a DTD of its own', COBERTURA.replace('coverage-04.dtd"', 'coverage-04.dtd" [<!ENTITY a "b">]'), 'hostile'],
  ])('refuses %s', (_what, content, expected) => {
    expect(problem('cobertura', content)).toBe(expected);
  });
});

describe('Istanbul', () => {
  it.each([
    ['istanbul', 'a statement without a count', ISTANBUL.replace('"3":1', '"4":1'), 'contradictory'],
    ['istanbul', 'a count too few', ISTANBUL.replace(',"3":1', ''), 'contradictory'],
    ['istanbul', 'a negative count', ISTANBUL.replace('"3":1', '"3":-1'), 'malformed'],
    ['istanbul', 'a count that is text', ISTANBUL.replace('"3":1', '"3":"1"'), 'malformed'],
    ['istanbul-summary', 'more covered than lines', SUMMARY.replaceAll('"covered":2', '"covered":4'), 'contradictory'],
    [
      'istanbul-summary',
      'files that do not add up',
      SUMMARY.replace('"total":3,"covered":2,"skipped":0,"pct":66.66', '"total":6,"covered":4,"skipped":0,"pct":66.66'),
      'contradictory',
    ],
    ['istanbul-summary', 'a percentage that is not the numbers', SUMMARY.replaceAll('66.66', '86.66'), 'contradictory'],
    ['istanbul', 'nothing instrumented', '{}', 'empty'],
  ] as const)('%s: refuses %s', (format, _what, content, expected) => {
    expect(problem(format, content)).toBe(expected);
  });
});

describe('detection', () => {
  it('refuses content of another format than asked for', () => {
    expect(problem('lcov', COBERTURA)).toBe('unsupported');
    expect(problem('istanbul', SUMMARY)).toBe('unsupported');
    expect(problem('junit', COBERTURA)).toBe('unsupported');
  });

  it('says what it saw and what it would have taken', () => {
    expect(() => readReport('auto', '<report/>')).toThrow(
      /XML with root <report>, of no format that is known; these are junit, .*lcov/,
    );
  });
});
