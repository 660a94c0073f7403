import * as fc from 'fast-check';
import type { Health, Measurement } from '../ledger/events';
import { judgeMeasurements } from './judge';

describe('judgeMeasurements', () => {
  const health = fc.constantFrom<Health>('healthy', 'unhealthy', 'unknown');
  const measurements = fc
    .array(health, { maxLength: 6 })
    .map((list): Measurement[] =>
      list.map((item, index) => ({ probe: `p${index}`, health: item, seen: `seen ${item}`, attempts: 1 })),
    );

  it('is healthy only where something was measured and all of it was healthy', () => {
    fc.assert(
      fc.property(measurements, (list) => {
        const all = list.length > 0 && list.every((item) => item.health === 'healthy');
        expect(judgeMeasurements(list).health === 'healthy').toBe(all);
      }),
    );
  });

  it('is unhealthy exactly where something was', () => {
    fc.assert(
      fc.property(measurements, (list) => {
        const any = list.some((item) => item.health === 'unhealthy');
        expect(judgeMeasurements(list).health === 'unhealthy').toBe(any);
      }),
    );
  });

  it('says what is wrong', () => {
    expect(judgeMeasurements([]).reason).toMatch(/nothing was measured/);
    expect(judgeMeasurements([{ probe: 'web', health: 'unhealthy', seen: '503 in 2 ms', attempts: 3 }]).reason).toBe(
      'web: 503 in 2 ms (after 3 attempts)',
    );
  });
});
