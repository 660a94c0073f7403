import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createComposeFixture, type ComposeFixture } from '../testing/compose-fixture';
import { buildImages } from './build-images';

describe('buildImages with a Docker Engine', () => {
  let fixture: ComposeFixture;
  beforeEach(async () => {
    fixture = await createComposeFixture();
  });
  afterEach(() => fixture.cleanUp());

  it('keeps the image of a service that did not change, also when its version did', async () => {
    const first = await fixture.build(await fixture.commit('1.0.0', 'healthy'), '1.0.0');
    expect(first['web']).toMatchObject({ built: true, image: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });
    const second = await fixture.build(
      await fixture.commit('1.1.0', 'healthy', { 'README.md': 'elsewhere\n' }),
      '1.1.0',
    );
    expect(second['web']).toEqual({ ...first['web'], built: false });
    const repository = fixture.config.images['web']?.repository;
    const tagged = await fixture.docker(
      'image',
      'inspect',
      '--format',
      '{{.Id}}',
      `${repository}:1.0.0`,
      `${repository}:1.1.0`,
    );
    expect(tagged.split('\n')).toEqual([first['web']?.image, first['web']?.image]);
  });

  it('builds a changed service anew, from the commit and not from the tree', async () => {
    const first = await fixture.build(await fixture.commit('1.0.0', 'healthy'));
    const commit = await fixture.commit('1.1.0', 'liar');
    await writeFile(join(fixture.root, 'app/behaviour'), 'dirty\n');
    await writeFile(join(fixture.root, 'app/untracked'), 'secret\n');
    const second = await fixture.build(commit);
    expect(second['web']?.built).toBe(true);
    expect(second['web']?.image).not.toBe(first['web']?.image);
    const image = second['web']?.image ?? '';
    const seen = await fixture.docker('run', '--rm', image, 'sh', '-c', 'cat /srv/behaviour; ls /srv');
    expect(seen).toMatch(/^liar\n/);
    expect(seen).not.toMatch(/untracked/);
    expect(
      await fixture.docker('image', 'inspect', '--format', '{{index .Config.Labels "slipway.context"}}', image),
    ).toBe(second['web']?.context);
  });

  it('does not believe a tag that was moved', async () => {
    const commit = await fixture.commit('1.0.0', 'healthy');
    const first = await fixture.build(commit);
    await fixture.docker('tag', 'debian:bookworm-slim', first['web']?.reference ?? '');
    const second = await fixture.build(commit);
    expect(second['web']?.built).toBe(true);
    expect(fixture.lines.join('\n')).toMatch(/was not built from this context/);
  });

  it('says what failed, with the last lines, and leaves no name behind', async () => {
    const commit = await fixture.commit('1.0.0', 'healthy', {
      'app/Dockerfile': 'FROM debian:bookworm-slim\nRUN echo about to break && exit 3\n',
    });
    await expect(fixture.build(commit)).rejects.toThrow(/web could not be built[\s\S]*about to break/);
    expect(await fixture.docker('images', '-q', fixture.config.images['web']?.repository ?? '')).toBe('');
  });

  it('refuses a missing Dockerfile, context or base image by name', async () => {
    const commit = await fixture.commit('1.0.0', 'healthy');
    const web = fixture.config.images['web'];
    if (web === undefined) throw new Error('no image');
    const build = (change: Partial<typeof web>) =>
      buildImages(fixture.world, { commit, images: { web: { ...web, ...change } }, blank: () => null });
    await expect(build({ dockerfile: 'app/Nothing' })).rejects.toThrow(
      /Dockerfile of web, app\/Nothing, does not exist at commit/,
    );
    await expect(build({ context: ['app', 'gone'] })).rejects.toThrow(
      /gone, part of the build context of web, does not exist/,
    );
    await expect(build({ base: ['slipway-int/no-such-base:1'] })).rejects.toThrow(
      /slipway-int\/no-such-base:1, the base image of web/,
    );
  });

  it('takes a Dockerfile from outside the context along', async () => {
    const dockerfile = await readFile(join(fixture.root, 'app/Dockerfile'), 'utf8');
    await rm(join(fixture.root, 'app/Dockerfile'));
    const commit = await fixture.commit('1.0.0', 'healthy', { 'docker/web.Dockerfile': dockerfile });
    const web = fixture.config.images['web'];
    if (web === undefined) throw new Error('no image');
    const built = await buildImages(fixture.world, {
      commit,
      images: { web: { ...web, dockerfile: 'docker/web.Dockerfile' } },
      blank: () => null,
    });
    expect(built['web']?.built).toBe(true);
  });
});
