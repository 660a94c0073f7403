import * as fc from 'fast-check';
import { judgeValues, type Baseline, type Bounds } from './bounds';

const before = (value: number): Baseline => ({ value, source: 'before' });
const compare = { maxIncrease: 0.2, floor: 0.001, noBaseline: 'skip' as const };

describe('judgeValues', () => {
  it.each<[readonly number[], Bounds, Baseline, string, string]>([
    [[], { max: 1 }, null, 'impossible', 'no data'],
    [[Number.NaN], { max: 1 }, null, 'impossible', 'no number'],
    [[0.5, Number.POSITIVE_INFINITY], { max: 1 }, null, 'impossible', 'no number'],
    [[1], { max: 1 }, null, 'passed', '1'],
    [[0.2, 1.5], { max: 1 }, null, 'failed', '1.5, above 1'],
    [[0.98, 0.5], { min: 0.9 }, null, 'failed', '0.5, below 0.9'],
    [[0.0123456], { min: 0, max: 1 }, null, 'passed', '0.01235'],
    [[0.012], { compare }, before(0.01), 'passed', '0.012, 0.01 before'],
    [[0.0121], { compare }, before(0.01), 'failed', '0.0121, more than 20 % above 0.01 before'],
    [[0.001], { compare }, before(0), 'passed', '0.001, too little to compare'],
    [[0.002], { compare }, before(0), 'failed', '0.002, more than 20 % above 0 before'],
    [[0.5], { compare }, null, 'passed', '0.5, with nothing to compare it with'],
    [[0.5], { compare: { ...compare, noBaseline: 'unknown' } }, null, 'impossible', 'with nothing to compare it with'],
    [[2], { max: 1, compare }, before(5), 'failed', '2, above 1'],
  ])('%j within %j after %j is %s: %s', (values, bounds, baseline, result, seen) => {
    expect(judgeValues(values, bounds, baseline)).toMatchObject({ result, seen: expect.stringContaining(seen) });
  });

  it('passes only what is a number within its bounds, and names the bound that was broken', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), fc.integer(), fc.integer(), (values, min, max) => {
        const { result, value, limit } = judgeValues(values, { min, max }, null);
        const numbers = values.length > 0 && values.every(Number.isFinite);
        expect(result === 'passed').toBe(numbers && values.every((one) => one >= min && one <= max));
        if (result === 'failed') {
          expect([min, max]).toContain(limit);
          expect(values).toContain(value);
        }
      }),
    );
  });
});
