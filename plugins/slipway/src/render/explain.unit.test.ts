import fc from 'fast-check';
import { waiver } from '../config/waiver';
import { waiverFlaw } from '../gates/waivers';
import { SEVERITIES } from '../reports/report';
import { hostileText } from '../testing/hostile-text';
import { hostileVerdict } from '../testing/hostile-verdict';
import { aCheck, aVerdict } from '../testing/verdict';
import { explain } from './explain';

const OPTIONS = { color: false, width: 90, producers: ['test'], waivers: 'waivers.json' };
const REPORT = {
  path: 'packages/backend/reports/coverage.xml',
  sha256: 'a'.repeat(64),
  format: 'cobertura' as const,
  origin: {
    measuredAt: '2026-11-22T20:00:00.000Z',
    validUntil: null,
    tool: 'coverage.py',
    toolVersion: '7.6.1',
    database: null,
  },
  validUntil: '2026-11-23T20:00:00.000Z',
};
const LOW = aCheck({
  verdict: 'fail',
  reason: '79.5 % of 200 lines covered, below 80 %',
  measured: 79.5,
  findings: [
    { title: '9 of 20 lines uncovered', file: 'src/a.py', line: 3, detail: 'uncovered: 3-11' },
    {
      title: '79.5 % of 200 lines covered, below 80 %',
      fix: 'cover 1 more of them with tests',
      fingerprint: 'coverage:lines@79.5',
    },
  ],
  warnings: ['0.4 points less than in 1.1.0'],
});

describe('the explanation of a check', () => {
  it('tells value, limit, reports, causes, fix, waiver and what to run again', () => {
    expect(explain(aVerdict([LOW], { reports: [REPORT] }), 'coverage', OPTIONS)).toEqual([
      '✖ Test coverage of backend  fail',
      '  why       79.5 % of 200 lines covered, below 80 %',
      '  measured  79.5 %',
      '  limit     80 %  (gates.coverage in slipway.json)',
      '  from      packages/backend/reports/coverage.xml',
      '              Cobertura XML, by coverage.py 7.6.1, measured 2026-11-22 20:00 UTC, counts',
      '              until 2026-11-23 20:00 UTC',
      '  causes    79.5 % of 200 lines covered, below 80 %',
      '              coverage:lines@79.5',
      '            src/a.py:3',
      '              9 of 20 lines uncovered',
      '              uncovered: 3-11',
      '  fix       cover 1 more of them with tests',
      '  warning   0.4 points less than in 1.1.0',
      '  waiver    two persons: an owner who will mend it, and an approver who is somebody else.',
      '            Fill in both and the reason, and add to waivers.json; the expiry may be no',
      '            later:',
      '            {',
      '              "fingerprint": "coverage:lines@79.5",',
      '              "project": "backend",',
      '              "owner": "",',
      '              "approver": "",',
      '              "reason": "",',
      '              "expiry": "2026-12-22"',
      '            }',
      '  again     npx nx run backend:test && npx nx run backend:release-judge --explain=coverage',
    ]);
  });

  it.each([
    [aCheck(), 'it passes: there is nothing to waive'],
    [
      aCheck({ verdict: 'inconclusive', measured: null }),
      'what could not be judged can not be waived: nobody knows what it would let pass',
    ],
    [aCheck({ verdict: 'waived' }), 'every finding that would keep it from passing is waived'],
    [aCheck({ verdict: 'notApplicable' }), 'it does not apply: there is nothing to waive'],
    [aCheck({ verdict: 'fail' }), 'no single finding keeps it from passing, so it can not be waived'],
  ])('says who may waive it: %j', (check, expected) => {
    const lines = explain(aVerdict([check]), 'coverage', { ...OPTIONS, width: 200 });
    expect(lines).toContain(`  waiver    ${expected}`);
  });

  it('says what a waiver would not mend', () => {
    const findings = Array.from({ length: 5 }, (_, index) => ({ title: 'x', fingerprint: `security:x${index}@high` }));
    const check = aCheck({ verdict: 'fail', findings, blocking: 7, unsettled: 'pip-audit could not audit a' });
    const text = explain(aVerdict([check]), 'coverage', { ...OPTIONS, width: 200 }).join('\n');
    expect(text).toContain('and the same for 2 more: it passes only when each one is waived or mended');
    expect(text).toContain('2 more findings are not listed and can not be waived');
    expect(text).toContain('even so it would be inconclusive: pip-audit could not audit a');
  });

  it.each([...SEVERITIES, undefined])(
    'gives an entry that counts once two persons are named, for severity %s',
    (severity) => {
      fc.assert(
        fc.property(hostileText, (text) => {
          const finding = { title: 'x', fingerprint: `security:a${text}b@high`, ...(severity && { severity }) };
          const check = aCheck({ verdict: 'fail', findings: [finding] });
          const lines = explain(aVerdict([check]), 'coverage', OPTIONS).map((line) => line.slice(12));
          const entry = JSON.parse(lines.slice(lines.indexOf('{'), lines.indexOf('}') + 1).join('\n')) as object;
          expect(waiver.safeParse(entry).success).toBe(false);
          const filled = { ...entry, owner: 'Ada', approver: 'Grace', reason: 'mended next week' };
          expect(filled).toMatchObject({ fingerprint: finding.fingerprint });
          const parsed = waiver.safeParse({ ...filled, fingerprint: 'security:ab@high' });
          expect(parsed.success && waiverFlaw(parsed.data, severity ?? 'unknown', '2026-11-22')).toBe(null);
          const later = parsed.success && { ...parsed.data, expiry: `${parsed.data.expiry.slice(0, 4)}-12-31` };
          if (severity === 'critical' && later) expect(waiverFlaw(later, severity, '2026-11-22')?.kind).toBe('tooFar');
        }),
        { numRuns: 50 },
      );
    },
  );

  it('names the checks there are where the one asked for is none', () => {
    expect(explain(aVerdict([aCheck()]), 'covrage', OPTIONS)).toEqual([
      'backend has no check "covrage"; it has coverage',
    ]);
  });

  it('lets nothing out of a report steer the terminal', () => {
    fc.assert(
      fc.property(hostileVerdict, (verdict) => {
        for (const { check } of verdict.checks) {
          for (const line of explain(verdict, check, { ...OPTIONS, producers: [check] }))
            expect(line).not.toMatch(/[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u);
        }
      }),
    );
  });
});
