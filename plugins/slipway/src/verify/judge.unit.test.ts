import * as fc from 'fast-check';
import type { Health, Measurement } from '../ledger/events';
import { judgeAttempts, judgeMeasurements, type Attempt } from './judge';

const failed: Attempt = { result: 'failed', seen: 'connection refused' };
const passed: Attempt = { result: 'passed', seen: '200 in 3 ms' };

describe('judgeAttempts', () => {
  it('asks for another try until the attempts are used up', () => {
    expect(judgeAttempts('web', [], 2)).toBeNull();
    expect(judgeAttempts('web', [failed], 2)).toBeNull();
    expect(judgeAttempts('web', [failed, failed], 2)).toEqual({
      probe: 'web',
      health: 'unhealthy',
      seen: 'connection refused',
      attempts: 2,
    });
  });

  it('is healthy at the first success, also the last one allowed', () => {
    expect(judgeAttempts('web', [failed, passed], 2)?.health).toBe('healthy');
    expect(judgeAttempts('web', [passed], 5)).toMatchObject({ health: 'healthy', attempts: 1 });
  });

  it('takes a probe that could not be made for unknown, at once where trying again is no use', () => {
    const impossible: Attempt = { result: 'impossible', seen: 'curl is not installed' };
    expect(judgeAttempts('smoke', [{ ...impossible, final: true }], 5)?.health).toBe('unknown');
    expect(judgeAttempts('smoke', [impossible], 2)).toBeNull();
    expect(judgeAttempts('smoke', [failed, impossible], 2)?.health).toBe('unknown');
  });
});

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
