import { parseConfig } from '../../config/load';
import { proposeFromCompose } from './compose-proposal';
import { startingConfig } from './starting-config';

const STAGING = `
name: shop-staging
x-base: &base
  restart: unless-stopped
services:
  db:
    image: postgres:16
  web:
    <<: *base
    image: \${WEB_IMAGE:-shop/web:1.0.0}
  api:
    image: \${API_IMAGE:?not set}
`;
const PROD = STAGING.replace('shop-staging', 'shop-prod');
const FILES = [
  { path: 'deploy/docker-compose.prod.yml', content: PROD },
  { path: 'deploy/docker-compose.staging.yml', content: STAGING },
  {
    path: 'deploy/docker-compose.test.yml',
    content: 'services: { api: { build: { context: ../packages/api, dockerfile: build/Dockerfile } } }',
  },
];
const DOCKERFILES = ['deploy/web/Dockerfile', 'packages/api/build/Dockerfile'];
const exists = (path: string): boolean => DOCKERFILES.includes(path);

const verify = { probes: [{ name: 'health', http: expect.stringMatching(/^<.*>$/) as string }] };

describe('proposeFromCompose', () => {
  const { deployment } = proposeFromCompose(FILES, { exists, name: 'shop' });

  it('takes environments from the names of files, in the order of promotion', () => {
    expect(Object.entries(deployment?.environments ?? {})).toEqual([
      ['staging', { compose: 'deploy/docker-compose.staging.yml', project: 'shop-staging', verify }],
      [
        'prod',
        {
          compose: 'deploy/docker-compose.prod.yml',
          project: 'shop-prod',
          requires: { verifiedIn: 'staging', tag: true },
          verify,
        },
      ],
    ]);
  });

  it('takes images whose Dockerfile is there, and says what no file tells', () => {
    expect(deployment?.images).toEqual({
      web: {
        dockerfile: 'deploy/web/Dockerfile',
        context: ['deploy/web'],
        repository: 'shop/web',
        variable: 'WEB_IMAGE',
      },
      api: {
        dockerfile: 'packages/api/build/Dockerfile',
        context: ['packages/api'],
        repository: '<name of the image of api>',
        variable: 'API_IMAGE',
      },
    });
  });

  it('proposes what the configuration accepts, once it is complete', () => {
    const text = startingConfig({ owner: 'shop', members: ['shop'], deployment });
    expect(parseConfig(text).environments).toEqual({});
    const config = parseConfig(
      text
        .replaceAll(/^ {2}\/\/ (?=["\s}])/gm, '  ')
        .replace('<name of the image of api>', 'shop/api')
        .replaceAll('<URL that answers 200 while all is well>', 'http://127.0.0.1:8000/'),
    );
    expect(Object.keys(config.environments)).toEqual(['staging', 'prod']);
    expect(Object.keys(config.images)).toEqual(['web', 'api']);
  });

  it('proposes nothing without a file for an environment or without a Dockerfile', () => {
    expect(
      proposeFromCompose([{ path: 'compose.yml', content: STAGING }], { exists, name: 'shop' }).deployment,
    ).toBeNull();
    expect(proposeFromCompose(FILES, { exists: () => false, name: 'shop' }).deployment).toBeNull();
    expect(proposeFromCompose([], { exists, name: 'shop' })).toEqual({ deployment: null, unreadable: [] });
  });

  it('names files that it can not read', () => {
    expect(
      proposeFromCompose([{ path: 'compose.prod.yml', content: 'services: [' }], { exists, name: 'shop' }).unreadable,
    ).toEqual(['compose.prod.yml']);
  });

  it('keeps environments apart that share a Compose name or have none', () => {
    const same = FILES.map(({ path, content }) => ({ path, content: content.replace('shop-prod', 'shop-staging') }));
    const { deployment: shared } = proposeFromCompose(same, { exists, name: '@acme/Web Shop' });
    expect(Object.values(shared?.environments ?? {}).map(({ project }) => project)).toEqual([
      'web-shop-staging',
      'web-shop-prod',
    ]);
  });

  it('leaves a build outside of the workspace alone', () => {
    const files = [
      { path: 'compose.prod.yml', content: 'services: { api: { build: ../elsewhere, image: "shop/api:1.0.0" } }' },
    ];
    expect(proposeFromCompose(files, { exists: () => true, name: 'shop' }).deployment?.images['api']?.dockerfile).toBe(
      'api/Dockerfile',
    );
    expect(
      proposeFromCompose(files, { exists: (path) => path.includes('elsewhere'), name: 'shop' }).deployment,
    ).toBeNull();
  });
});
