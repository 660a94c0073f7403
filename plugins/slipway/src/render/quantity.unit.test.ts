import fc from 'fast-check';
import { limitText, measuredText, quantity } from './quantity';

describe('a value with its unit', () => {
  it.each([
    [91.2, 80, 'percent', '91.2 %'],
    [79.99, 80, 'percent', '79.99 %'],
    [79.996, 80, 'percent', '79.99 %'],
    [79.9999996, 80, 'percent', '79.99 %'],
    [(100 * 41) / 42, 100, 'percent', '97.61 %'],
    [200.000_04, 200, 'milliseconds', '200.00004 ms'],
    [1204.5, 200, 'milliseconds', '1,204.5 ms'],
    [3, 0, 'count', '3'],
    [25.5, 24, 'hours', '25.5 h'],
    [null, 80, 'percent', ''],
    [12, null, 'count', '12'],
  ] as const)('%p of %p in %s is %p', (measured, limit, unit, text) => {
    expect(measuredText({ measured, limit, unit })).toBe(text);
  });

  it('never looks like its limit unless it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: -50_000, max: 50_000 }), (limit, off) => {
        const measured = limit + off / 1_000_000;
        const same = measuredText({ measured, limit, unit: 'percent' }) === limitText({ limit, unit: 'percent' });
        expect(same).toBe(off === 0);
      }),
    );
  });

  it('groups thousands', () => expect(quantity(1234567, 'count')).toBe('1,234,567'));
});
