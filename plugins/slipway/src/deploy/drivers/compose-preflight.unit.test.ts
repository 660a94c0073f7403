import { parseConfig } from '../../config/load';
import type { World } from '../../io/world';
import { createTestWorld } from '../../testing/test-world';
import { createComposeDriver } from './compose';

const image = (digit: string) => `sha256:${digit.repeat(64)}`;
const release = { version: '1.1.0', commit: 'c'.repeat(40), services: { web: image('1'), api: image('2') } };
const description = '{ "services": {} }';

const config = parseConfig(
  JSON.stringify({
    release: { owner: 'platform', projects: ['platform'] },
    images: Object.fromEntries(
      ['web', 'api'].map((name) => [
        name,
        { dockerfile: 'Dockerfile', context: ['.'], repository: name, variable: `${name.toUpperCase()}_IMAGE` },
      ]),
    ),
    environments: { prod: { compose: 'compose.yml', project: 'acme' } },
  }),
  'slipway.json',
  {},
);

/** A client without Compose, whose engine has the images that are named. */
function driverWith(images: readonly string[], asked: string[] = []) {
  const run: World['run'] = async (argv) => {
    const [, verb, ...rest] = argv;
    asked.push(`${verb} ${rest[0]}`);
    if (verb === 'compose') return { exitCode: 1, stdout: '', stderr: "docker: 'compose' is not a docker command." };
    if (verb !== 'image') return { exitCode: 0, stdout: '', stderr: '' };
    const wanted = rest.filter((arg) => arg.startsWith('sha256:'));
    const found = wanted.filter((id) => images.includes(id));
    const isWhole = !rest.includes('--format');
    const stdout = isWhole ? JSON.stringify(found.map((Id) => ({ Id }))) : `${found.join('\n')}\n`;
    const missing = found.length < wanted.length;
    return { exitCode: missing ? 1 : 0, stdout, stderr: missing ? 'Error: No such image' : '' };
  };
  const world = createTestWorld({ run });
  const { prod } = config.environments;
  if (prod === undefined) throw new Error('the configuration has no prod');
  return createComposeDriver({ world, environment: 'prod', config: prod, images: config.images });
}

it('says that Compose is missing before a description is brought back, which renders nothing', async () => {
  const { refusals } = await driverWith([image('1'), image('2')]).inspect(release, { description });
  expect(refusals).toMatchObject([{ id: 'composeVersion', reason: 'the docker client has no Compose plugin' }]);
});

it('asks for all images at once, and for each where one is missing', async () => {
  const asked: string[] = [];
  const { refusals } = await driverWith([image('2')], asked).inspect(release, { description });
  expect(refusals.filter(({ id }) => id === 'images')).toMatchObject([
    { reason: `the image of web in 1.1.0, ${image('1')}, is gone from this engine` },
  ]);
  expect(asked.filter((command) => command === 'image inspect')).toHaveLength(3);
  const once: string[] = [];
  await driverWith([image('1'), image('2')], once).inspect(release, { description });
  expect(once.filter((command) => command === 'image inspect')).toHaveLength(1);
});
