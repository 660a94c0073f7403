import { slipwaySchema, type EnvironmentConfig } from '../../config/schema';
import { findLeftovers, parseContainers } from './compose-containers';
import { composeArguments, composeEnvironment } from './compose-files';

const release = { version: '1.1.0', commit: 'abc', services: { web: 'sha256:1' } };
const config = slipwaySchema.parse({
  images: { web: { dockerfile: 'Dockerfile', context: ['.'], repository: 'web', variable: 'WEB_IMAGE' } },
  environments: { prod: { compose: 'packages/platform/compose.yml', project: 'shop' } },
});

describe('what Compose gets', () => {
  it('is the release and the tools’ own variables, nothing of a person’s shell', () => {
    const env = {
      PATH: '/bin',
      DOCKER_HOST: 'unix:///x',
      DATABASE_PASSWORD: 'mine',
      COMPOSE_FILE: 'other.yml',
      WEB_IMAGE: 'web:latest',
    };
    expect(composeEnvironment(env, release, config.images)).toEqual({
      DATABASE_PASSWORD: undefined,
      COMPOSE_FILE: undefined,
      WEB_IMAGE: 'sha256:1',
      SLIPWAY_VERSION: '1.1.0',
      SLIPWAY_COMMIT: 'abc',
    });
  });

  it('never falls back to a stray .env', () => {
    const environment = config.environments['prod'] as EnvironmentConfig;
    const args = composeArguments('/w', environment, ['a.yml'], []);
    expect(args.slice(args.indexOf('--env-file'))).toEqual(['--env-file', '/dev/null']);
    expect(args[args.indexOf('--project-directory') + 1]).toBe('/w/packages/platform');
    const two = composeArguments('/w', environment, ['a.yml'], ['/w/one.env', '/w/two.env']);
    expect(two.slice(two.indexOf('--env-file'))).toEqual(['--env-file', '/w/one.env', '--env-file', '/w/two.env']);
  });

  it('is the repository digest, where there is a registry', () => {
    const references = { web: 'registry.example.org/web@sha256:2' };
    expect(composeEnvironment({}, { ...release, references }, config.images)).toMatchObject({
      WEB_IMAGE: references.web,
    });
  });
});

describe('parseContainers', () => {
  const container = (labels: Record<string, string>, state: object = {}) => ({
    Id: 'i1',
    Name: '/shop-web-1',
    Created: '2026-11-23T00:00:00Z',
    Image: 'sha256:1',
    State: { Running: true, ExitCode: 0, ...state },
    Config: { Labels: labels },
  });
  const parse = (...items: object[]) => parseContainers(JSON.stringify(items));
  const web = { 'com.docker.compose.service': 'web' };

  it('reads health and release, and takes no healthcheck for none', () => {
    const labels = {
      ...web,
      'slipway.version': '1.1.0',
      'slipway.commit': 'abc',
      'com.docker.compose.config-hash': 'h1',
    };
    expect(parse(container(labels, { Health: { Status: 'healthy' } }))).toEqual([
      {
        service: 'web',
        instance: 'i1',
        name: 'shop-web-1',
        configHash: 'h1',
        createdAt: '2026-11-23T00:00:00Z',
        image: 'sha256:1',
        running: true,
        exitCode: 0,
        health: 'healthy',
        release: { version: '1.1.0', commit: 'abc' },
        restarts: 0,
        startedAt: null,
      },
    ]);
    expect(parse(container(web))[0]).toMatchObject({ health: 'none', release: null });
  });

  it('takes a container in a restart loop for not running, and passes over one-off runs', () => {
    expect(parse(container(web, { Restarting: true }))[0]).toMatchObject({ running: false, restarting: true });
    expect(parse(container({ ...web, 'com.docker.compose.oneoff': 'True' }))).toEqual([]);
  });

  it('refuses what is no such answer', () => expect(() => parse({ Id: 1 })).toThrow());
});

describe('findLeftovers', () => {
  const old = `${'0123456789ab'}${'c'.repeat(52)} shop-web-1 Exited (0) 4 seconds ago`;
  const created = `${'d'.repeat(64)} 0123456789ab_shop-web-1 Created`;

  it('finds a container that was made to replace another one and never ran', () => {
    expect(findLeftovers(`${old}\n${created}\n`)).toEqual([{ id: 'd'.repeat(64), name: '0123456789ab_shop-web-1' }]);
  });

  it.each([
    ['the old one is gone, so this one takes its place', created],
    ['it runs', `${old}\n${created.replace('Created', 'Up 2 seconds')}`],
    ["it has the service's own name", `${old}\n${'d'.repeat(64)} shop-db-1 Created`],
    ['there is none', ''],
  ])('leaves everything alone where %s', (_why, listed) => expect(findLeftovers(listed)).toEqual([]));
});
