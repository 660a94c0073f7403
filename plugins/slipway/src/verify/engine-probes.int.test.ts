import { deploy } from '../deploy/deploy';
import { slipwaySchema, type EnvironmentConfig } from '../config/schema';
import { commands, createComposeFixture, ENVIRONMENT, type ComposeFixture } from '../testing/compose-fixture';
import { verifyDeployment } from './verify-release';
import { watchDeployment } from './watch';

describe('what only the engine knows', () => {
  let fixture: ComposeFixture;
  beforeAll(async () => {
    fixture = await createComposeFixture();
    const release = await fixture.release('1.0.0', 'healthy');
    expect(await deploy({ ...step(), release })).toMatchObject({ kind: 'done' });
  }, 120_000);
  afterAll(() => fixture.cleanUp());

  const step = () => ({ ...fixture, environment: ENVIRONMENT, commands });
  function config(probes: readonly object[]): EnvironmentConfig {
    const { compose, project, envFiles } = fixture.environment;
    const verify = { probes, interval: '100ms', attempts: 2, onUnhealthy: 'hold' };
    const parsed = slipwaySchema.parse({ environments: { [ENVIRONMENT]: { compose, project, envFiles, verify } } });
    return parsed.environments[ENVIRONMENT] as EnvironmentConfig;
  }
  const check = (...probes: object[]) => verifyDeployment({ ...step(), config: config(probes), again: true });
  const measurements = async () => {
    const body = (await fixture.ledger.read(ENVIRONMENT)).at(-1)?.body;
    return body?.kind === 'verify.outcome' ? body.measurements : [];
  };

  it('looks through what was logged since the deployment', async () => {
    expect(await check({ name: 'log', log: {} }, { name: 'restarts', restarts: {} })).toMatchObject({ kind: 'done' });
    expect(await measurements()).toMatchObject([
      { probe: 'log', kind: 'log', value: 0, limit: 0, health: 'healthy', from: expect.any(String) },
      { probe: 'restarts', kind: 'restarts', value: 0, samples: 1, health: 'healthy' },
    ]);
    const bad = { name: 'log', log: { services: ['web'], errors: ['service is (sick|healthy)'] } };
    expect(await check(bad)).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('first of web: this service is healthy'),
    });
    expect(await check({ ...bad, log: { ...bad.log, allowed: ['is healthy'] } })).toMatchObject({ kind: 'done' });
    expect(await check({ name: 'log', log: { services: ['nowhere'] } })).toMatchObject({ kind: 'unknown' });
  });

  it('notices in a watch that a container is gone, and holds the lock no longer than it takes to say so', async () => {
    const probe = { name: 'restarts', restarts: {} };
    const watching = watchDeployment({ ...step(), config: config([probe]), watch: 60_000 });
    const before = (await fixture.ledger.read(ENVIRONMENT)).length;
    const told = async () => (await fixture.ledger.read(ENVIRONMENT)).length > before;
    while (!(await told()) || (await fixture.ledger.lock(ENVIRONMENT)) !== null)
      await new Promise((resolve) => setTimeout(resolve, 100));
    const [id] = (await fixture.driver.current()).map(({ instance }) => instance);
    await fixture.docker('stop', '--time', '0', id ?? '');
    expect(await watching).toMatchObject({ kind: 'failed', reason: expect.stringContaining('web is not running') });
    expect(await fixture.ledger.lock(ENVIRONMENT)).toBeNull();
    const events = await fixture.ledger.read(ENVIRONMENT);
    expect(events.slice(-2).map(({ body }) => body.kind === 'verify.outcome' && body.health)).toEqual([
      'healthy',
      'unhealthy',
    ]);
  });
});
