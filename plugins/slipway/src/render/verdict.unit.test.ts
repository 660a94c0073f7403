import fc from 'fast-check';
import { hostileVerdict } from '../testing/hostile-verdict';
import { aCheck, aVerdict } from '../testing/verdict';
import { renderVerdict, stringWidth } from './index';

const PLAIN = { color: false, width: 80 };
/** Anything that a terminal obeys or that a person can't see. */
const STEERING = /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e0fff}]/u;

const TESTS = aCheck({
  check: 'tests',
  verdict: 'fail',
  reason: '97.61 % passed, 1 of 42 failed; 100 % must pass',
  measured: (100 * 41) / 42,
  limit: 100,
  findings: [{ title: 'test_close', file: 'tickets/test_api.py', line: 17, detail: 'assert 500 == 200' }],
});
const PERFORMANCE = aCheck({
  check: 'performance',
  verdict: 'inconclusive',
  reason: 'no performance report in packages/backend; make one with: npx nx run backend:release-load',
  measured: null,
  limit: 200,
  unit: 'milliseconds',
});
const VERDICT = aVerdict([TESTS, aCheck(), PERFORMANCE]);

describe('a verdict on the terminal', () => {
  it('puts reasons below in 80 columns', () => {
    expect(renderVerdict(VERDICT, PLAIN)).toEqual([
      '✖ backend  fail  1 failed, 1 inconclusive, 1 passed',
      '    check        verdict       measured   limit',
      '  ✖ tests        fail           97.61 %   100 %',
      '      97.61 % passed, 1 of 42 failed; 100 % must pass',
      '      tickets/test_api.py:17  test_close',
      '        assert 500 == 200',
      '  ✔ coverage     pass            91.2 %    80 %',
      '      91.2 % of 500 lines covered, at least 80 % asked for',
      '  ? performance  inconclusive         –  200 ms',
      '      no performance report in packages/backend; make one with: npx nx run',
      '      backend:release-load',
      '  more: npx nx run backend:release-judge --explain=tests',
    ]);
  });

  it('puts reasons beside in 120 columns', () => {
    expect(renderVerdict(VERDICT, { color: false, width: 120 })).toEqual([
      '✖ backend  fail  1 failed, 1 inconclusive, 1 passed',
      '    check        verdict       measured   limit   why',
      '  ✖ tests        fail           97.61 %   100 %   97.61 % passed, 1 of 42 failed; 100 % must pass',
      '      tickets/test_api.py:17  test_close',
      '        assert 500 == 200',
      '  ✔ coverage     pass            91.2 %    80 %   91.2 % of 500 lines covered, at least 80 % asked for',
      '  ? performance  inconclusive         –  200 ms   no performance report in packages/backend; make one with: npx nx run',
      '                                                  backend:release-load',
      '  more: npx nx run backend:release-judge --explain=tests',
    ]);
  });

  it('says the same with colour', () => {
    const lines = renderVerdict(VERDICT, { ...PLAIN, color: true });
    expect(lines[0]).toContain('\u001b[31m');
    expect(lines.map((line) => line.replace(/\u001b\[\d+m/g, ''))).toEqual(renderVerdict(VERDICT, PLAIN));
  });

  it('tells severity, fix and waiver of a finding, what is to be mended first', () => {
    const waived = { approver: 'Grace Hopper', expiry: '2026-12-15', reason: 'only in build scripts' };
    const security = aCheck({
      check: 'security',
      verdict: 'fail',
      reason: '1 finding of high severity or above; none allowed',
      measured: 1,
      limit: 0,
      unit: 'count',
      findings: [
        { title: 'minimist', severity: 'critical', fingerprint: 'security:npm/minimist:X@critical', waived },
        { title: 'requests', severity: 'medium', fix: 'pip install requests==2.32.4' },
        { title: 'lodash', severity: 'high', fingerprint: 'security:npm/lodash:Y@high', fix: 'npm i lodash@4.17.21' },
      ],
      warnings: ['the audit is 20 h old'],
    });
    expect(renderVerdict(aVerdict([security]), PLAIN).slice(2)).toEqual([
      '  ✖ security  fail            1      0',
      '      1 finding of high severity or above; none allowed',
      '      high  lodash',
      '        fix: npm i lodash@4.17.21',
      '      medium  requests',
      '        fix: pip install requests==2.32.4',
      '      critical  minimist',
      '        waived by Grace Hopper until 2026-12-15: only in build scripts',
      '      warning: the audit is 20 h old',
      '  more: npx nx run backend:release-judge --explain=security',
    ]);
  });

  it('says what concerns the whole, and until when its reports count', () => {
    const more = { warnings: ['reports/x.json was passed over: other JSON'], validUntil: '2026-11-23T20:00:00.000Z' };
    expect(renderVerdict(aVerdict([aCheck()], more), PLAIN).slice(-2)).toEqual([
      '  warning: reports/x.json was passed over: other JSON',
      '  its reports count until 2026-11-23 20:00 UTC',
    ]);
  });

  it('folds what does not apply into one line', () => {
    const off = ['performance', 'accessibility', 'migrations'].map((check) =>
      aCheck({ check, verdict: 'notApplicable', reason: 'no server', measured: null, limit: null }),
    );
    expect(renderVerdict(aVerdict([aCheck(), ...off]), PLAIN).at(-1)).toBe(
      '  – not applicable: performance, accessibility, migrations',
    );
    expect(renderVerdict(aVerdict(off), PLAIN)).toEqual([
      '– backend  not applicable',
      '  – not applicable: performance, accessibility, migrations',
    ]);
  });

  it('shows the first findings and says how many more there are', () => {
    const findings = Array.from({ length: 14 }, (_, index) => ({ title: `t${index}` }));
    const lines = renderVerdict(aVerdict([{ ...TESTS, findings }]), PLAIN);
    expect(lines.filter((line) => /^ {6}t\d/.test(line))).toHaveLength(10);
    expect(lines).toContain('      … 4 more in the verdict file');
  });

  it('lets nothing out of a report steer the terminal', () => {
    fc.assert(
      fc.property(hostileVerdict, fc.constantFrom(40, 80, 120), (verdict, width) => {
        for (const line of renderVerdict(verdict, { color: false, width })) expect(line).not.toMatch(STEERING);
      }),
    );
  });

  it('keeps to its width wherever words allow it', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'bc', 'word', '本番'), { maxLength: 60 }), (words) => {
        const text = words.join(' ');
        const verdict = aVerdict([{ ...TESTS, reason: text, findings: [{ title: text, detail: text, fix: text }] }]);
        for (const line of renderVerdict(verdict, PLAIN)) expect(stringWidth(line)).toBeLessThanOrEqual(80);
      }),
    );
  });
});
