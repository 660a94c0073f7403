import fc from 'fast-check';
import { readReport, ReportError, type TestReport } from './index';

function read(xml: string): TestReport {
  const { report } = readReport('junit', xml);
  if (report.kind !== 'tests') throw new Error('not a test report');
  return report;
}

function problem(xml: string): string {
  try {
    read(xml);
  } catch (error) {
    if (error instanceof ReportError) return error.problem;
    throw error;
  }
  return 'none';
}

const NO_ORIGIN = { measuredAt: null, validUntil: null, tool: null, toolVersion: null, database: null };

const PYTEST = `<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="1" skipped="1" tests="3" time="0.250" timestamp="2026-11-01T10:00:00+00:00" hostname="ci"><testcase classname="tickets.test_api" name="test_list" time="0.1"/><testcase classname="tickets.test_api" name="test_close" time="0.1"><failure message="assert 500 == 200">def test_close(client):
&gt;       assert client.post("/close").status_code == 200
E       assert 500 == 200

tickets/test_api.py:17: AssertionError</failure></testcase><testcase classname="tickets.test_api" name="test_later" time="0"><skipped type="pytest.skip" message="later">x.py:1: later</skipped></testcase></testsuite></testsuites>
`;

const JEST_JUNIT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="jest tests" tests="2" failures="1" errors="0" time="1.2">
  <testsuite name="list" errors="0" failures="1" skipped="0" timestamp="2026-11-01T10:00:00" time="1" tests="2">
    <testcase classname="list shows" name="list shows tickets" time="0.02"></testcase>
    <testcase classname="list filters" name="list filters them" time="0.03">
      <failure>Error: expected 1 row
    at check (/w/node_modules/lib/index.js:4:2)
    at Object.&lt;anonymous&gt; (/w/src/list.test.tsx:21:7)</failure>
    </testcase>
  </testsuite>
</testsuites>`;

const SUREFIRE = `<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" name="acme.ApiTest" time="1,234.5" tests="3" errors="1" skipped="0" failures="0">
  <properties><property name="java.version" value="21"/></properties>
  <testcase name="starts" classname="acme.ApiTest" time="1,000.25"><flakyFailure message="slow">trace</flakyFailure></testcase>
  <testcase name="stops" classname="acme.ApiTest" time="0.1"><error message="boom" type="java.lang.Error"><![CDATA[trace <here>]]></error><system-out>log</system-out></testcase>
  <testcase name="waits" classname="acme.ApiTest" time="0.1"/>
</testsuite>`;

describe('reading JUnit XML', () => {
  it("reads pytest's shape, with the place out of the trace", () => {
    expect(read(PYTEST)).toEqual({
      kind: 'tests',
      total: 3,
      passed: 1,
      failed: 1,
      errored: 0,
      skipped: 1,
      durationMs: 200,
      origin: { ...NO_ORIGIN, measuredAt: '2026-11-01T10:00:00.000Z' },
      failures: [
        { name: 'tickets.test_api › test_close', file: 'tickets/test_api.py', line: 17, message: 'assert 500 == 200' },
      ],
    });
  });

  it("reads jest-junit's shape and passes over frames of dependencies", () => {
    const report = read(JEST_JUNIT);
    expect(report).toMatchObject({ total: 2, passed: 1, failed: 1 });
    expect(report.failures[0]).toMatchObject({
      file: '/w/src/list.test.tsx',
      line: 21,
      message: 'Error: expected 1 row',
    });
  });

  it("reads Surefire's shape: a flaky test that passed in the end has passed", () => {
    expect(read(SUREFIRE)).toMatchObject({ total: 3, passed: 2, failed: 0, errored: 1, durationMs: 1_000_450 });
  });

  it.each(['1', '2'])('accepts that an outer suite counts its own cases or all below (%s)', (tests) => {
    const xml = `<testsuites><testsuite name="outer" tests="${tests}"><testcase name="a"/><testsuite name="inner" tests="1"><testcase name="b"/></testsuite></testsuite></testsuites>`;
    expect(read(xml)).toMatchObject({ total: 2, passed: 2 });
  });

  it('counts cases where there are no attributes at all', () => {
    expect(read('<testsuite><testcase/><testcase><failure/></testcase></testsuite>')).toMatchObject({
      total: 2,
      passed: 1,
      failed: 1,
    });
  });

  it('counts a case with several marks once, by its worst', () => {
    const xml =
      '<testsuite tests="1" failures="2" errors="1"><testcase><failure/><failure/><error/></testcase></testsuite>';
    expect(read(xml)).toMatchObject({ total: 1, passed: 0, failed: 0, errored: 1 });
  });

  it("takes pytest's count of a test whose teardown broke", () => {
    const once = '<testsuite tests="2" failures="0" errors="1"><testcase name="a"><error/></testcase></testsuite>';
    const twice =
      '<testsuite tests="1" failures="1" errors="1"><testcase name="a"><failure/></testcase><testcase name="a"><error/></testcase></testsuite>';
    expect(read(once)).toMatchObject({ passed: 0, errored: 1 });
    expect(read(twice)).toMatchObject({ passed: 0, failed: 1, errored: 1 });
  });

  it('goes by a status attribute where there is no mark', () => {
    const xml =
      '<testsuite tests="3" disabled="1"><testcase status="run" result="completed"/><testcase status="notrun"/><testcase status="failed"/></testsuite>';
    expect(read(xml)).toMatchObject({ passed: 1, skipped: 1, failed: 1 });
  });

  it('counts a suite that could not run', () => {
    expect(
      read('<testsuites><testsuite name="s"><error message="no such table"/></testsuite></testsuites>'),
    ).toMatchObject({ total: 1, errored: 1, passed: 0 });
  });

  it.each([
    ['more tests than cases', '<testsuite tests="5"/>', 'contradictory'],
    ['fewer tests than cases', '<testsuite tests="1"><testcase/><testcase/></testsuite>', 'contradictory'],
    ['failures without a failed case', '<testsuite tests="1" failures="1"><testcase/></testsuite>', 'contradictory'],
    [
      'a failed case without failures',
      '<testsuite tests="1" failures="0"><testcase><failure/></testcase></testsuite>',
      'contradictory',
    ],
    ['errors without an errored case', '<testsuite tests="1" errors="1"><testcase/></testsuite>', 'contradictory'],
    ['skipped without a skipped case', '<testsuite tests="1" skipped="1"><testcase/></testsuite>', 'contradictory'],
    [
      'a root that disagrees with its suites',
      '<testsuites tests="2"><testsuite tests="1"><testcase/></testsuite></testsuites>',
      'contradictory',
    ],
    ['a negative count', '<testsuite tests="-1"/>', 'contradictory'],
    ['a count that is no number', '<testsuite tests="NaN"/>', 'malformed'],
    ['an outcome that is not known here', '<testsuite><testcase><exploded/></testcase></testsuite>', 'malformed'],
    ['an unknown element in a suite', '<testsuite><testcases/></testsuite>', 'malformed'],
    ['nothing', '', 'empty'],
    ['white space', ' \n', 'empty'],
    ['only a declaration', '<?xml version="1.0"?>', 'truncated'],
    ['another format', '<coverage/>', 'unsupported'],
  ])('refuses %s', (_what, xml, expected) => {
    expect(problem(xml)).toBe(expected);
  });

  it.each([
    [
      'billion laughs',
      '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><testsuite><testcase name="&b;"/></testsuite>',
      'hostile',
    ],
    [
      'an external entity',
      '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><testsuite><testcase name="&f;"/></testsuite>',
      'hostile',
    ],
    ['an entity nobody declared', '<testsuite><testcase name="&x;"/></testsuite>', 'malformed'],
    ['deep nesting', '<testsuite>'.repeat(100_000), 'hostile'],
    ['two roots', '<testsuite><testcase/></testsuite><testsuite/>', 'malformed'],
    ['an attribute given twice', '<testsuite tests="1" tests="2"><testcase/></testsuite>', 'malformed'],
  ])('refuses %s', (_what, xml, expected) => {
    expect(problem(xml)).toBe(expected);
  });

  it('takes time in proportion to the size, also for numbers and traces made to be slow', () => {
    const slow = [
      `time="${'1'.repeat(1_000_000)}x"`,
      `time="${'1,'.repeat(500_000)}"`,
      `line="${'1'.repeat(1_000_000)}x"`,
    ];
    const trace = `${' '.repeat(500_000)}at ${'('.repeat(500_000)}${'/a:1'.repeat(100_000)}`;
    for (const attribute of slow) {
      expect(
        read(`<testsuite><testcase ${attribute}><failure>${trace}</failure></testcase></testsuite>`),
      ).toMatchObject({ failed: 1 });
    }
  });

  it('takes a huge attribute and keeps one line of it', () => {
    const report = read(
      `<testsuite><testcase name="${'n'.repeat(5_000_000)}"><failure message="${'m'.repeat(5_000_000)}"/></testcase></testsuite>`,
    );
    expect(report.failed).toBe(1);
    expect(report.failures[0]?.name.length).toBeLessThanOrEqual(300);
    expect(report.failures[0]?.message.length).toBeLessThanOrEqual(300);
  });

  it.each([
    ['pytest', PYTEST],
    ['jest-junit', JEST_JUNIT],
    ['Surefire', SUREFIRE],
  ])('refuses a report of %s cut off anywhere', (_what, xml) => {
    for (let length = 0; length < xml.trimEnd().length; length += 1) {
      expect(['truncated', 'malformed', 'empty']).toContain(problem(xml.slice(0, length)));
    }
  });

  it('never calls a damaged failing report passed, and throws nothing but ReportError', () => {
    fc.assert(
      fc.property(
        fc.nat(PYTEST.length - 1),
        fc.integer({ min: 0, max: 3 }),
        fc.string({ unit: 'binary', maxLength: 3 }),
        (at, removed, inserted) => {
          const damaged = PYTEST.slice(0, at) + inserted + PYTEST.slice(at + removed);
          try {
            const report = read(damaged);
            expect(report.failed + report.errored).toBeGreaterThan(0);
          } catch (error) {
            if (!(error instanceof ReportError)) throw error;
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('survives arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          readReport('auto', bytes);
        } catch (error) {
          if (!(error instanceof ReportError)) throw error;
        }
      }),
    );
  });

  it('reads declared single-byte encodings and UTF-16, and refuses bytes that are neither', () => {
    const xml = '<testsuite><testcase name="grün"><failure/></testcase></testsuite>';
    const name = (content: Uint8Array): string | undefined =>
      (readReport('auto', content).report as TestReport).failures[0]?.name;
    expect(name(Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${xml}`, 'latin1'))).toBe('grün');
    expect(name(Buffer.from(`\ufeff${xml}`, 'utf16le'))).toBe('grün');
    expect(name(Buffer.from(`\ufeff${xml}`))).toBe('grün');
    expect(() => name(Buffer.from(xml, 'latin1'))).toThrow(ReportError);
  });
});
