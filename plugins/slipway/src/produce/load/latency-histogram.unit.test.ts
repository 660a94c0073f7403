import fc from 'fast-check';
import { LatencyHistogram } from './latency-histogram';

const times = fc.array(fc.double({ min: 0, max: 100_000, noNaN: true }), { minLength: 1, maxLength: 300 });
const percents = fc.constantFrom(50, 75, 90, 95, 99, 100);

const histogramOf = (samples: readonly number[], failures = 0) => {
  const histogram = new LatencyHistogram();
  for (const sample of samples) histogram.record(sample);
  histogram.recordFailures(failures);
  return histogram;
};
/** Nearest rank over the samples themselves. */
const exact = (samples: readonly number[], percent: number) =>
  [...samples].sort((a, b) => a - b)[Math.max(1, Math.ceil((percent / 100) * samples.length)) - 1] ?? NaN;

it('tells a percentile never too low, and by less than a hundredth (or a hundredth of a millisecond) too high', () => {
  fc.assert(
    fc.property(times, percents, (samples, percent) => {
      const told = histogramOf(samples).percentile(percent) ?? NaN;
      const right = exact(samples, percent);
      expect(told).toBeGreaterThanOrEqual(right);
      expect(told).toBeLessThanOrEqual(right * 1.01 + 0.01);
    }),
  );
});

it('counts failed requests as slower than all others: they never make a percentile better', () => {
  fc.assert(
    fc.property(times, percents, fc.nat(50), (samples, percent, failures) => {
      const without = histogramOf(samples).percentile(percent) ?? NaN;
      const told = histogramOf(samples, failures).percentile(percent) ?? Infinity;
      expect(told).toBeGreaterThanOrEqual(without);
    }),
  );
});

it('has no percentile where its rank falls on a failed request, or there is nothing', () => {
  expect(histogramOf(Array<number>(95).fill(10), 5).percentile(95)).toBe(10);
  expect(histogramOf(Array<number>(94).fill(10), 6).percentile(95)).toBeNull();
  expect(histogramOf([]).percentile(50)).toBeNull();
  expect(histogramOf([1], 2).samples).toBe(3);
});

it.each([-1, NaN])('takes %s for no time', (time) => {
  expect(() => new LatencyHistogram().record(time)).toThrow(RangeError);
});
