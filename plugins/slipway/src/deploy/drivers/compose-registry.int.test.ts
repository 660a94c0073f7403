import { slipwaySchema, type RegistryConfig } from '../../config/schema';
import { pushImages } from '../../image/push-images';
import { startRegistry, type TestRegistry } from '../../image/testing/registry';
import type { DeployedRelease } from '../../ledger/events';
import { createComposeStack, type ComposeStack } from './testing/compose-stack';

describe('Docker Compose with a registry', () => {
  let stack: ComposeStack;
  let registry: TestRegistry;
  let config: RegistryConfig;
  let release: DeployedRelease;
  beforeAll(async () => {
    [stack, registry] = await Promise.all([createComposeStack(), startRegistry()]);
    const parsed = slipwaySchema.parse({ registry: { prefix: registry.host, attempts: 2 } });
    if (parsed.registry === undefined) throw new Error('no registry');
    config = parsed.registry;
    const built = await stack.release('1.0.0');
    const { services } = built;
    const { images } = stack;
    const { references } = await pushImages(stack.world, { registry: config, images, services, version: '1.0.0' });
    release = { ...built, references };
  }, 90_000);
  afterAll(async () => {
    await registry.cleanUp();
    await stack.cleanUp();
  }, 60_000);

  const driver = () => stack.driverWith({ strategy: 'recreate' }, config);
  const free = async () => undefined;
  const forget = async () => stack.docker('rmi', '--force', ...new Set(Object.values(release.services)));
  const answer = async () => (await fetch(stack.url)).text();

  it('pulls what the engine lacks by repository digest, runs that, and says where a tag was moved', async () => {
    // Somebody moves the tag: it is another image now.
    const tag = `${config.prefix}/${stack.project}/app:1.0.0`;
    await stack.docker('tag', release.services['proxy'] ?? '', tag);
    await stack.docker('push', '--quiet', tag);
    await forget();
    const { refusals } = await driver().inspect(release);
    expect(refusals).toEqual([]);
    expect((await driver().apply(release, { guard: free })).kind).toBe('applied');
    expect(await answer()).toBe('1.0.0 first');
    const [app] = await stack.containers('app');
    expect(await stack.docker('inspect', '--format', '{{.Config.Image}} {{.Image}}', app ?? '')).toBe(
      `${release.references?.['app']} ${release.services['app']}`,
    );
    expect(stack.lines).toContainEqual(expect.stringMatching(/^app: the tag \S+\/app:1\.0\.0 was moved to sha256:/));
  });

  it('refuses what the registry does not have, or does not give without a login, and changes nothing', async () => {
    const absent = {
      ...release,
      references: { ...release.references, app: `${config.prefix}/${stack.project}/app@sha256:${'0'.repeat(64)}` },
    };
    expect((await driver().inspect(absent)).refusals).toMatchObject([
      { id: 'images', reason: expect.stringMatching(/neither/) },
    ]);
    registry.moods = ['login'];
    expect((await driver().inspect(absent)).refusals).toMatchObject([
      { id: 'images', remedy: `docker login ${registry.host}` },
    ]);
    registry.moods = ['open'];
  });

  it('applies nothing where a digest gives another image than the one that was recorded', async () => {
    const before = await stack.containers('app');
    const references = { ...release.references, app: release.references?.['proxy'] ?? '' };
    expect(await driver().apply({ ...release, references }, { guard: free })).toMatchObject({
      kind: 'unhealthy',
      problems: [{ service: 'app', problem: expect.stringMatching(/instead of sha256:.*the digest was moved/) }],
    });
    await registry.close();
    const missing = {
      ...release,
      references: { ...references, app: `${config.prefix}/${stack.project}/app@sha256:${'1'.repeat(64)}` },
    };
    expect(await driver().apply(missing, { guard: free })).toMatchObject({
      kind: 'unhealthy',
      problems: [{ service: 'app', problem: expect.stringMatching(/\(tried 2 times\): .*connection refused/) }],
    });
    await registry.open();
    expect(await stack.containers('app')).toEqual(before);
    expect(await answer()).toBe('1.0.0 first');
  });
});
