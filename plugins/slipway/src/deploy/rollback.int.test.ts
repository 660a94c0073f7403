import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeployedRelease } from '../ledger/events';
import { commands, createComposeFixture, ENVIRONMENT, type ComposeFixture } from '../testing/compose-fixture';
import { verifyAfterRollback } from '../verify/verify-after-rollback';
import { verifyDeployment } from '../verify/verify-release';
import { createAssets, type Assets } from './assets';
import { deploy } from './deploy';
import { createComposeDriver } from './drivers/compose';
import { rollback, type RollbackRequest } from './rollback';

describe('rolling back with Docker Compose', () => {
  let fixture: ComposeFixture;
  let assets: Assets;
  beforeAll(async () => {
    fixture = await createComposeFixture();
    const { world, driver, environment: config } = fixture;
    assets = createAssets({ world, driver, environment: ENVIRONMENT, config, retry: commands.deploy });
  });
  afterAll(() => fixture.cleanUp());

  const step = () => ({ ...fixture, environment: ENVIRONMENT, commands, assets });
  const ship = async (release: DeployedRelease): Promise<void> => {
    expect((await deploy({ ...step(), release })).kind).toBe('done');
    expect((await verifyDeployment({ ...step(), config: fixture.environment })).kind).toBe('done');
  };
  const back = (change: Partial<RollbackRequest> = {}) => {
    const verify = verifyAfterRollback(fixture.environment, fixture.driver);
    return rollback({ ...step(), automatic: false, reason: 'a test', verify, ...change });
  };
  /** What Compose made the container from, and what it runs with. */
  const container = async (): Promise<unknown> => {
    const [running] = await fixture.driver.current();
    const [inspected] = JSON.parse(await fixture.docker('inspect', running?.instance ?? '')) as [
      { Image: string; Config: { Env: string[]; Labels: Record<string, string> } },
    ];
    const { Image: image, Config: config } = inspected;
    return { image, env: [...config.Env].sort(), hash: config.Labels['com.docker.compose.config-hash'] };
  };

  it('brings application and configuration back as they were, also in an emergency', async () => {
    const file = join(fixture.root, 'deploy/staging.env');
    const first = await readFile(file, 'utf8');
    const compose = await readFile(join(fixture.root, 'deploy/compose.yml'), 'utf8');
    await ship(await fixture.release('1.0.0', 'healthy'));
    const before = await container();

    // The next release has another compose file, and a person changes the environment's files.
    await writeFile(
      join(fixture.root, 'deploy/compose.yml'),
      compose.replace('APP_COMMIT:', 'EXTRA: ${EXTRA:?}\n      APP_COMMIT:'),
    );
    await writeFile(file, `${first}EXTRA='do-not-tell-either'\n`);
    await ship(await fixture.release('1.1.0', 'healthy'));
    expect(await container()).not.toEqual(before);

    expect((await back({ emergency: true })).kind).toBe('done');
    // Compose's own hash of the service, its variables and its image: byte for byte what was described.
    expect(await container()).toEqual(before);
    expect(fixture.lines.join('\n')).toMatch(/description: byte for byte that of deployment 1\.0\.0-/);

    expect((await back({ only: 'configuration' })).kind).toBe('done');
    expect(await readFile(file, 'utf8')).toBe(first);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await container()).toEqual(before);
    const events = await fixture.ledger.read(ENVIRONMENT);
    expect(JSON.stringify(events) + fixture.lines.join('\n')).not.toContain('do-not-tell');
    expect(events.at(-1)?.body).toMatchObject({ kind: 'verify.outcome', version: '1.0.0', health: 'healthy' });
    expect(await fixture.ledger.lock(ENVIRONMENT)).toBeNull();
  });

  it('stops services and starts them again', async () => {
    const guard = async () => undefined;
    await fixture.driver.stop?.(['web'], { guard });
    expect((await fixture.driver.current()).map(({ running }) => running)).toEqual([false]);
    await fixture.driver.stop?.(['web'], { guard });
    expect((await back({ to: '1.0.0' })).kind).toBe('done');
    expect((await fixture.driver.current()).map(({ health }) => health)).toEqual(['healthy']);
  });

  it('goes back over a release that brought a service, and takes that service away again', async () => {
    const { root, world, environment: config } = fixture;
    const compose = (await readFile(join(root, 'deploy/compose.yml'), 'utf8')).replace(/ +EXTRA:.*\n/, '');
    const worker = compose
      .slice(compose.indexOf('  web:'))
      .replace('web:', 'worker:')
      .replace('WEB_IMAGE', 'WORKER_IMAGE')
      .replace(/ +ports:.*\n/, '');
    await writeFile(join(root, 'deploy/compose.yml'), `${compose}${worker}`);
    const release = await fixture.release('1.2.0', 'sick');
    const web = fixture.config.images['web'];
    if (web === undefined) throw new Error('the fixture has no image');
    const images = { web, worker: { ...web, variable: 'WORKER_IMAGE' } };
    const hasty = { ...config, healthTimeout: '4s' };
    const driver = createComposeDriver({ world, environment: ENVIRONMENT, config: hasty, images });
    const services = { ...release.services, worker: release.services['web'] ?? '' };
    expect(await driver.inspect(release)).toMatchObject({
      refusals: [{ id: 'images', reason: expect.stringContaining('no image of worker') }],
    });

    const outcome = await deploy({ ...step(), driver, release: { ...release, services } });
    expect(outcome).toMatchObject({ kind: 'rolledBack', to: '1.0.0' });
    expect(await driver.current()).toMatchObject([
      { service: 'web', health: 'healthy', release: { version: '1.0.0' } },
    ]);
  });
});
