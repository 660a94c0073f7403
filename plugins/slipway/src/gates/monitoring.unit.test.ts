import fc from 'fast-check';
import { judgeMonitoring, type MeasuredMetric } from './monitoring';

const metric = (
  value: MeasuredMetric['value'],
  bounds: { min?: number; max?: number } = { max: 1 },
): MeasuredMetric => ({
  name: 'error rate',
  value,
  ...bounds,
});

describe('metrics within bounds', () => {
  it.each<[readonly MeasuredMetric[], string, string]>([
    [[], 'inconclusive', 'nothing was measured: no metric was asked for'],
    [[metric(0.5)], 'pass', 'all 1 metrics are within bounds'],
    [[metric(1)], 'pass', 'all 1 metrics are within bounds'],
    [[metric(1.5)], 'fail', 'error rate: 1.5, above 1'],
    [[metric(0.5, { min: 0.9 })], 'fail', 'error rate: 0.5, below 0.9'],
    [[metric(Number.NaN)], 'inconclusive', 'error rate: no number'],
    [[metric(Number.POSITIVE_INFINITY)], 'inconclusive', 'error rate: no number'],
    [[metric({ problem: 'the query gave 3 series' })], 'inconclusive', 'error rate: the query gave 3 series'],
    [[metric(0.5, {})], 'inconclusive', 'error rate: it has no bounds'],
    [[metric(0.5, { max: Number.NaN })], 'inconclusive', 'error rate: it has no bounds'],
    [[metric({ problem: 'no data' }), metric(2)], 'fail', 'error rate: 2, above 1'],
  ])('%j is %s: %s', (metrics, verdict, reason) => {
    expect(judgeMonitoring(metrics)).toMatchObject({ check: 'monitoring', verdict, reason, limit: 0, unit: 'count' });
  });

  it('pass only where each value is a number within its bounds', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double(), fc.integer(), fc.integer()), { minLength: 1 }), (all) => {
        const { verdict } = judgeMonitoring(all.map(([value, min, max]) => metric(value, { min, max })));
        expect(verdict === 'pass').toBe(
          all.every(([value, min, max]) => value >= min && value <= max && Number.isFinite(value)),
        );
      }),
    );
  });
});
