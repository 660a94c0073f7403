import { slipwaySchema, type EnvironmentConfig } from '../config/schema';
import { commands, createMemoryEnvironment, type MemoryEnvironment } from '../testing/memory-environment';
import { verifyDeployment } from './verify-release';

describe('an unhealthy release', () => {
  let at: MemoryEnvironment;
  beforeEach(async () => {
    at = await createMemoryEnvironment();
    await at.verified('1.0.0');
    await at.ship('1.1.0');
    at.driver.running = at.driver.running.map((one) => ({ ...one, health: 'unhealthy' }));
  });
  afterEach(() => at.cleanUp());

  const verify = () => {
    const { world, ledger, driver, assets } = at;
    const { environments } = slipwaySchema.parse({ environments: { prod: { compose: 'c.yml', project: 'p' } } });
    const config = environments['prod'] as EnvironmentConfig;
    return verifyDeployment({ world, ledger, environment: 'prod', commands, driver, assets, config });
  };

  it('is rolled back by the snapshot of the one before, whatever its files have become since', async () => {
    at.driver.refusals.set('1.0.0', [{ id: 'envFiles', reason: 'prod.env is gone', remedy: 'create it' }]);
    await verify();
    expect(at.driver.applied.at(-1)).toBe('1.0.0');
    expect(at.driver.descriptions.at(-1)).toBe('# 1.0.0\n');
  });

  it('is held where an image of the one before is gone', async () => {
    at.driver.refusals.set('1.0.0', [{ id: 'images', reason: 'the image of web is gone', remedy: 'load it' }]);
    expect(await verify()).toMatchObject({ kind: 'failed', reason: expect.stringContaining('image of web is gone') });
    expect(at.driver.applied.at(-1)).toBe('1.1.0');
  });
});
