import { productionRelease } from './production';
import { BUMPED, deployed, deskConfig, events, READY, situationOf } from './testing/situation';

const config = deskConfig();
const old = { version: '1.0.0', commit: 'd'.repeat(40), deployment: 'old' };

describe('what production runs', () => {
  it('is the release of the last environment, with its tag', async () => {
    const prod = deployed('healthy');
    const release = [...READY, events.tagged()];
    expect(productionRelease(config, await situationOf({ release, staging: deployed('healthy', old), prod }))).toEqual({
      environment: 'prod',
      version: '1.1.0',
      commit: BUMPED,
      tag: 'v1.1.0',
      health: 'healthy',
    });
  });

  it('is also one that is ill: that is what needs the fix', async () => {
    const found = productionRelease(config, await situationOf({ release: READY, prod: deployed('unhealthy') }));
    expect(found).toMatchObject({ version: '1.1.0', health: 'unhealthy', tag: null });
  });

  it('is what was verified there last, where nobody knows what serves', async () => {
    const [intent] = deployed(null);
    const prod = [
      ...deployed('healthy', old),
      ...(intent ? [intent] : []),
      { kind: 'deploy.outcome', version: '1.1.0', deployment: 'first', outcome: 'mixed', services: {}, reason: 'x' },
    ] as const;
    expect(productionRelease(config, await situationOf({ prod }))).toMatchObject({ version: '1.0.0' });
  });

  it('is nothing where nothing was deployed, or no environment is configured', async () => {
    expect(productionRelease(config, await situationOf({ staging: deployed('healthy') }))).toBeNull();
    expect(productionRelease({ environments: {} }, await situationOf({ prod: deployed('healthy') }))).toBeNull();
  });
});
