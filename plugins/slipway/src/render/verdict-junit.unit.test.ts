import fc from 'fast-check';
import { readReport } from '../reports';
import { hostileVerdict } from '../testing/hostile-verdict';
import { aCheck, aVerdict } from '../testing/verdict';
import { verdictJunit } from './verdict-junit';

const CHECKS = [
  aCheck({
    check: 'tests',
    verdict: 'fail',
    reason: '1 of 42 failed',
    measured: (100 * 41) / 42,
    limit: 100,
    findings: [{ title: 'test_close <b> & "c"', file: 'tickets/test_api.py', line: 17, detail: 'assert\n500 == 200' }],
  }),
  aCheck(),
  aCheck({ check: 'security', verdict: 'waived', reason: '1 high; waived by Ada' }),
  aCheck({ check: 'performance', verdict: 'inconclusive', reason: 'no report', measured: null }),
  aCheck({ check: 'migrations', verdict: 'notApplicable', reason: 'no Django', measured: null, limit: null }),
];

describe('a verdict as JUnit XML', () => {
  it('has each check as a test with what it came to', () => {
    expect(verdictJunit(aVerdict(CHECKS)).split('\n')).toEqual([
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites name="nx-slipway 1.0.0" tests="5" failures="1" errors="1" skipped="1">',
      '  <testsuite name="backend" tests="5" failures="1" errors="1" skipped="1">',
      '    <testcase name="tests" classname="release-gate.backend">',
      '      <failure message="1 of 42 failed" type="fail">fail: 1 of 42 failed',
      'measured: 97.61 %',
      'limit: 100 %',
      'tickets/test_api.py:17  test_close &lt;b&gt; &amp; &quot;c&quot;',
      '  assert',
      '500 == 200</failure>',
      '    </testcase>',
      '    <testcase name="coverage" classname="release-gate.backend">',
      '      <system-out>pass: 91.2 % of 500 lines covered, at least 80 % asked for',
      'measured: 91.2 %',
      'limit: 80 %</system-out>',
      '    </testcase>',
      '    <testcase name="security" classname="release-gate.backend">',
      '      <system-out>waived: 1 high; waived by Ada',
      'measured: 91.2 %',
      'limit: 80 %</system-out>',
      '    </testcase>',
      '    <testcase name="performance" classname="release-gate.backend">',
      '      <error message="no report" type="inconclusive">inconclusive: no report',
      'limit: 80 %</error>',
      '    </testcase>',
      '    <testcase name="migrations" classname="release-gate.backend">',
      '      <skipped message="no Django"/>',
      '    </testcase>',
      '  </testsuite>',
      '</testsuites>',
      '',
    ]);
  });

  it('is read back by our own reader with the same counts, whatever its texts hold', () => {
    fc.assert(
      fc.property(hostileVerdict, (verdict) => {
        const of = (word: string): number => verdict.checks.filter((check) => check.verdict === word).length;
        expect(readReport('auto', verdictJunit(verdict)).report).toMatchObject({
          kind: 'tests',
          total: verdict.checks.length,
          passed: of('pass') + of('waived'),
          failed: of('fail'),
          errored: of('inconclusive'),
          skipped: of('notApplicable'),
        });
      }),
    );
  });
});
