import { judgeFreshness, type DatedReport } from './freshness';

const NOW = new Date('2026-03-10T12:00:00Z');
const report = (change: Partial<DatedReport> = {}): DatedReport => ({
  project: 'web',
  path: 'packages/web/reports/audit/npm.json',
  ages: true,
  measuredAt: '2026-03-10T00:00:00Z',
  validUntil: null,
  remedy: 'npx nx run web:release-audit',
  ...change,
});

it.each<[string, Partial<DatedReport>, string, RegExp]>([
  ['an audit of today', {}, 'pass', /one report/],
  ['an audit that is 24 hours old', { measuredAt: '2026-03-09T12:00:00Z' }, 'pass', /one report/],
  [
    'an older one',
    { measuredAt: '2026-03-09T11:59:59Z' },
    'fail',
    /npm\.json could be relied on until 2026-03-10T11:59:59/,
  ],
  [
    'one whose producer said how long',
    { measuredAt: '2026-03-01T00:00:00Z', validUntil: '2026-03-11T00:00:00Z' },
    'pass',
    /the one report/,
  ],
  ['one that ran out', { validUntil: '2026-03-10T11:00:00Z' }, 'fail', /until 2026-03-10T11:00:00/],
  ['one without a date', { measuredAt: null }, 'inconclusive', /does not say when it was measured/],
  ['one with nonsense for a date', { measuredAt: 'yesterday' }, 'inconclusive', /does not say/],
  ['one with nonsense for a limit', { validUntil: 'soon' }, 'inconclusive', /does not say/],
  ['one of tomorrow', { measuredAt: '2026-03-11T12:00:00Z' }, 'inconclusive', /yet to come/],
  ['a test report, which does not age', { ages: false, measuredAt: null }, 'notApplicable', /no report/],
  ['a test report with a limit of its own', { ages: false, validUntil: '2026-03-01T00:00:00Z' }, 'fail', /until/],
])('judges %s', (_what, change, verdict, reason) => {
  expect(judgeFreshness([report(change)], NOW)).toMatchObject({ verdict, reason: expect.stringMatching(reason) });
});

it('names each report that is too old, and each command once', () => {
  const old = { measuredAt: '2026-03-01T00:00:00Z' };
  const found = judgeFreshness(
    [report(old), report({ ...old, path: 'b.json' }), report({ measuredAt: null, path: 'c.json' })],
    NOW,
  );
  expect(found.verdict).toBe('fail');
  expect(found.findings.map(({ file }) => file)).toEqual(['packages/web/reports/audit/npm.json', 'b.json', 'c.json']);
  expect(found.remedy).toBe('npx nx run web:release-audit');
  expect(found.measured).toBe(228);
});
