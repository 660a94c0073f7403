import { composeServices, ComposeFileError } from './compose-services';
import { isRoot, judgeImages, type DeployedService, type ImagesPolicy, type ImageState } from './images';

const place = (change: Partial<DeployedService> = {}): DeployedService => ({
  environment: 'prod',
  file: 'compose.prod.yml',
  user: null,
  healthcheck: 'inherited',
  ...change,
});
const image = (change: Partial<ImageState> = {}): ImageState => ({
  service: 'api',
  digest: 'sha256:1',
  recordedContext: 'c1',
  wantedContext: 'c1',
  user: '65532:65532',
  healthcheck: ['CMD', 'true'],
  deployed: [],
  ...change,
});
const judge = (change: Partial<ImageState>, policy: Partial<ImagesPolicy> = {}) =>
  judgeImages([image(change)], { healthcheck: true, nonRoot: true, ...policy });

it('passes an image of this commit that tells its health and does not run as root', () => {
  expect(judge({})).toMatchObject({
    verdict: 'pass',
    reason: "api: built from this commit's files, a health check, a user other than root",
    measured: 0,
  });
});

it.each<[string, Partial<ImageState>, string, string | undefined]>([
  ['is not in the ledger', { digest: null }, 'no image of api was recorded for this commit', undefined],
  [
    'is of other files',
    { wantedContext: 'c2' },
    "the image of api was built from other files than this commit's",
    undefined,
  ],
  ['names no user', { user: '' }, 'api runs as root', 'images:root:api'],
  ['names root', { user: 'root:app' }, 'api runs as root', 'images:root:api'],
  [
    'is made root by Compose',
    { deployed: [place({ user: '0' })] },
    'api runs as root in prod',
    'images:root:api:compose.prod.yml',
  ],
  ['tells no health', { healthcheck: null }, 'api has no health check', 'images:healthcheck:api'],
  [
    'tells none in one environment',
    { healthcheck: null, deployed: [place({ healthcheck: 'own' }), place({ file: 'b.yml', environment: 'b' })] },
    'api has no health check in b',
    'images:healthcheck:api:b.yml',
  ],
  [
    'has its health check switched off by Compose',
    { deployed: [place({ healthcheck: 'disabled' })] },
    'api has no health check in prod',
    'images:healthcheck:api:compose.prod.yml',
  ],
])('fails an image that %s', (_, change, reason, fingerprint) => {
  const result = judge(change);
  expect(result).toMatchObject({ verdict: 'fail', reason, measured: 1, blocking: 1 });
  expect(result.findings[0]?.fingerprint).toBe(fingerprint);
});

it.each<[string, Partial<ImageState>, Partial<ImagesPolicy>]>([
  ['Compose names another user than root', { user: 'root', deployed: [place({ user: '1000' })] }, {}],
  ['Compose has the health check', { healthcheck: null, deployed: [place({ healthcheck: 'own' })] }, {}],
  ['nobody asks for a user', { user: 'root' }, { nonRoot: false }],
  ['nobody asks for a health check', { healthcheck: null }, { healthcheck: false }],
  [
    'nobody asks for what was not recorded',
    { user: null, healthcheck: undefined },
    { healthcheck: false, nonRoot: false },
  ],
])('passes where %s', (_, change, policy) => {
  expect(judge(change, policy).verdict).toBe('pass');
});

it('is inconclusive where the ledger does not say what the image is', () => {
  expect(judge({ user: null, healthcheck: undefined })).toMatchObject({
    verdict: 'inconclusive',
    reason: 'the ledger does not say what the engine knows of api; record it: release-image',
  });
});

it.each([
  ['', true],
  ['0', true],
  ['00:1000', true],
  ['root', true],
  ['0:65532', true],
  ['${UID}', true],
  ['1000', false],
  ['postgres:root', false],
  ['10', false],
])('takes the user %j for root: %s', (user, root) => {
  expect(isRoot(user)).toBe(root);
});

describe('a Compose file', () => {
  it.each<[string, string, object]>([
    ['a user', 'user: "1000:1000"', { user: '1000:1000', healthcheck: 'inherited' }],
    ['a user as a number', 'user: 0', { user: '0', healthcheck: 'inherited' }],
    ['a health check', 'healthcheck: { test: [CMD, "true"] }', { user: null, healthcheck: 'own' }],
    ['one in a shell', 'healthcheck: { test: curl localhost }', { user: null, healthcheck: 'own' }],
    ['only its pace', 'healthcheck: { interval: 5s }', { user: null, healthcheck: 'inherited' }],
    ['none', 'healthcheck: { disable: true }', { user: null, healthcheck: 'disabled' }],
    ['NONE', 'healthcheck: { test: ["NONE"] }', { user: null, healthcheck: 'disabled' }],
    ['what it merges', '<<: *base', { user: '7', healthcheck: 'inherited' }],
  ])('gives a service %s', (_, line, settings) => {
    const content = `x-base: &base { user: "7" }\nservices:\n  api:\n    ${line}\n`;
    expect(composeServices('c.yml', content).get('api')).toEqual(settings);
  });

  it.each(['', 'services: [', 'text', 'services: [api]'])('that reads %j is refused', (content) => {
    expect(() => composeServices('c.yml', content)).toThrow(ComposeFileError);
  });
});
