import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { slipwaySchema } from '../config/schema';
import { createWorld, type StoppableWorld } from '../io/create-world';
import { quietProcess } from '../testing/compose-fixture';
import { pushImages } from './push-images';
import { createRegistryClient } from './registry-client';
import { LOGIN, startRegistry, type TestRegistry } from './testing/registry';

const project = `slipway-push-${randomBytes(4).toString('hex')}`;

describe('a registry', () => {
  let registry: TestRegistry;
  let folder = '';
  let world: StoppableWorld;
  let dispose: () => void;
  const lines: string[] = [];
  beforeAll(async () => {
    registry = await startRegistry();
    folder = await mkdtemp(join(tmpdir(), `${project}-`));
    const log = { info: (line: string) => void lines.push(line), warn: (line: string) => void lines.push(line) };
    // A client of nobody's: without the logins of whoever runs this.
    const env = { DOCKER_CONFIG: join(folder, 'docker') };
    ({ world, dispose } = createWorld({ root: folder, log, env, stop: { process: quietProcess() } }));
  }, 30_000);
  beforeEach(async () => {
    await rm(join(folder, 'docker'), { recursive: true, force: true });
    registry.moods = ['open'];
    registry.answered.length = 0;
    lines.length = 0;
  });
  afterAll(async () => {
    const ids = (await docker('images', '--quiet', '--filter', `reference=*/${project}/*`)).split('\n').filter(Boolean);
    if (ids.length > 0) await docker('rmi', '--force', ...new Set(ids));
    dispose();
    await registry.cleanUp();
    await rm(folder, { recursive: true, force: true });
  }, 30_000);

  async function docker(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await world.run(['docker', ...args]);
    if (exitCode !== 0) throw new Error(stderr);
    return stdout.trim();
  }
  /** An image of nothing but this text. */
  async function image(text: string): Promise<string> {
    await writeFile(join(folder, 'text'), `${text} of ${project}`);
    await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY text /text\n');
    return docker('build', '--quiet', '.');
  }
  const settings = (attempts = 4) => {
    const config = slipwaySchema.parse({
      registry: { prefix: `${registry.host}/${project}`, attempts },
      images: { web: { dockerfile: 'Dockerfile', context: ['.'], repository: 'web', variable: 'WEB_IMAGE' } },
    });
    if (config.registry === undefined) throw new Error('no registry');
    return { registry: config.registry, images: config.images };
  };
  const push = async (text: string, version: string, attempts?: number) =>
    pushImages(world, { ...settings(attempts), services: { web: await image(text) }, version });

  it('gets each image once, and gives it back by its digest', async () => {
    const first = await push('one', '1.0.0');
    expect(first.pushed).toEqual(['web']);
    const reference = first.references['web'] ?? '';
    expect(reference).toMatch(new RegExp(`^${registry.host}/${project}/web@sha256:[0-9a-f]{64}$`));
    expect(await push('one', '1.0.0')).toEqual({ references: first.references, pushed: [] });
    const id = await image('one');
    await docker('rmi', '--force', id);
    const client = createRegistryClient(world);
    expect(await client.find(reference)).toEqual({ reference, image: id });
    await client.pull(reference);
    expect(await docker('image', 'inspect', '--format', '{{.Id}}', reference)).toBe(id);
    expect(await client.find(reference.replace(/[0-9a-f]{4}$/, 'beef'))).toBeNull();
  });

  it('is told of as having another image by that tag', async () => {
    await push('two', '2.0.0');
    const again = await push('two, otherwise', '2.0.0');
    expect(again.pushed).toEqual(['web']);
    expect(lines).toContainEqual(
      expect.stringMatching(/web:2\.0\.0 held another image, sha256:[0-9a-f]{64}, and is moved/),
    );
  });

  it('that is busy gets the pause that it asks for', async () => {
    const reference = (await push('three', '3.0.0')).references['web'] ?? '';
    registry.moods = ['busy', 'busy', 'busy', 'busy', 'open'];
    expect(await createRegistryClient(world).find(reference)).not.toBeNull();
    expect(registry.answered.filter((mood) => mood === 'busy').length).toBeGreaterThanOrEqual(2);
    expect(lines).toContainEqual(
      expect.stringMatching(/is busy \(.*(slow down|429).*\): trying again in [12] s \(1 of 5\)/),
    );
  });

  it('that was away is asked again, and is given up after as many times as configured', async () => {
    await registry.close();
    const late = push('four', '4.0.0');
    await new Promise((resolve) => setTimeout(resolve, 700));
    await registry.open();
    expect((await late).pushed).toEqual(['web']);
    expect(lines).toContainEqual(expect.stringMatching(/does not answer as it should .*connection refused/));
    registry.moods = ['broken'];
    await expect(push('four', '4.0.1', 2)).rejects.toMatchObject({
      failure: 'down',
      message: expect.stringMatching(/^could not look for \S+:4\.0\.1 \(tried 2 times\): .*503/),
    });
  });

  it('that wants a login says how, at once, and takes what Docker itself knows', async () => {
    registry.moods = ['login'];
    await expect(push('five', '5.0.0')).rejects.toMatchObject({
      failure: 'denied',
      remedy: `docker login ${registry.host}`,
    });
    expect(lines).toEqual([]);
    await docker('login', '--username', LOGIN.name, '--password', LOGIN.password, registry.host);
    expect((await push('five', '5.0.0')).pushed).toEqual(['web']);
    expect(lines.join('\n')).not.toContain(LOGIN.password);
  });
});
