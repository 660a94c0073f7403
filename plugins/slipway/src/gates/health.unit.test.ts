import fc from 'fast-check';
import { judgeHealth, type MeasuredHealth } from './health';

const probe = (health: MeasuredHealth['health'], seen = '200'): MeasuredHealth => ({ probe: 'api', health, seen });

describe('the health of what runs', () => {
  it.each<[readonly MeasuredHealth[], string, string]>([
    [[], 'inconclusive', 'nothing was measured: no probe looked'],
    [[probe('healthy'), probe('healthy')], 'pass', 'all 2 probes are healthy'],
    [[probe('healthy'), probe('unhealthy', '500')], 'fail', 'api: 500'],
    [[probe('healthy'), probe('unknown', 'no route')], 'inconclusive', 'api: no route'],
    [[probe('unknown', 'no route'), probe('unhealthy', '500')], 'fail', 'api: 500'],
  ])('of %j is %s: %s', (measurements, verdict, reason) => {
    expect(judgeHealth(measurements)).toMatchObject({ check: 'health', verdict, reason, limit: 0, unit: 'count' });
  });

  it('passes only where everything is healthy, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('healthy', 'unhealthy', 'unknown')), (healths) => {
        const { verdict } = judgeHealth(healths.map((health) => probe(health)));
        const passes = healths.length > 0 && healths.every((health) => health === 'healthy');
        expect(verdict === 'pass').toBe(passes);
        expect(verdict === 'fail').toBe(healths.includes('unhealthy'));
        expect(judgeHealth([...healths].reverse().map((health) => probe(health))).verdict).toBe(verdict);
      }),
    );
  });
});
