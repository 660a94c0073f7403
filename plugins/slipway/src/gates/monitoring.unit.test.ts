import fc from 'fast-check';
import { judgeMonitoring, type MeasuredMetric } from './monitoring';

const metric = (
  health: MeasuredMetric['health'],
  value: number | null = 0.5,
  seen = String(value),
): MeasuredMetric => ({ name: 'error rate', health, value, seen });

describe('metrics within bounds', () => {
  it.each<[readonly MeasuredMetric[], string, string]>([
    [[], 'inconclusive', 'nothing was measured: no metric was asked for'],
    [[metric('healthy')], 'pass', '1 metric is within bounds'],
    [[metric('healthy'), metric('healthy', 0)], 'pass', 'all 2 metrics are within bounds'],
    [[metric('unhealthy', 1.5, '1.5, above 1')], 'fail', 'error rate: 1.5, above 1'],
    [[metric('unknown', null, 'no data')], 'inconclusive', 'error rate: no data'],
    [[metric('healthy', null, 'no number')], 'inconclusive', 'error rate: no number'],
    [[metric('healthy', Number.NaN, 'no number')], 'inconclusive', 'error rate: no number'],
    [[metric('unknown', null, 'no data'), metric('unhealthy', 2, '2, above 1')], 'fail', 'error rate: 2, above 1'],
  ])('%j is %s: %s', (metrics, verdict, reason) => {
    expect(judgeMonitoring(metrics)).toMatchObject({ check: 'monitoring', verdict, reason, limit: 0, unit: 'count' });
  });

  it('pass only where each one is healthy by a number, in whatever order', () => {
    const any = fc.tuple(
      fc.constantFrom('healthy' as const, 'unhealthy' as const, 'unknown' as const),
      fc.option(fc.double()),
    );
    fc.assert(
      fc.property(fc.array(any, { minLength: 1 }), (all) => {
        const metrics = all.map(([health, value]) => metric(health, value));
        const { verdict } = judgeMonitoring(metrics);
        expect(verdict === 'pass').toBe(all.every(([health, value]) => health === 'healthy' && Number.isFinite(value)));
        expect(judgeMonitoring([...metrics].reverse()).verdict).toBe(verdict);
      }),
    );
  });
});
