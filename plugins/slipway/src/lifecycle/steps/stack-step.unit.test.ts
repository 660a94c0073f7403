import { parseConfig } from '../../config/load';
import type { SlipwayConfigInput } from '../../config/schema';
import type { Run } from '../../io/exec';
import { createTestWorld } from '../../testing/test-world';
import type { Step, StepContext } from '../context';
import { a11y } from './a11y';
import { integration } from './integration';
import { load } from './load';

const url = 'http://127.0.0.1:${PORT}';
const STEPS: readonly (readonly [string, Step, object, string])[] = [
  ['a11y', a11y, { url, pages: [{ name: 'start', path: '/' }] }, 'open pages of the test stack in a browser'],
  ['load', load, { url, scenarios: [{ name: 'start', path: '/' }] }, 'send load to the test stack'],
  ['integration', integration, { command: ['npm', 'test'], url }, 'run npm test against the test stack'],
];
const testStack = { compose: 'docker-compose.test.yml', project: 'acme-test', ports: ['PORT'] };

/** Git lists no files; whatever starts the stack fails the test. */
const run: Run = (argv) =>
  argv.join(' ') === 'git ls-files -z'
    ? Promise.resolve({ exitCode: 0, stdout: '', stderr: '' })
    : Promise.reject(new Error(`unexpected program: ${argv.join(' ')}`));

const context = (name: string, config: SlipwayConfigInput): StepContext =>
  ({
    world: createTestWorld({ run }),
    config: parseConfig(JSON.stringify(config)),
    project: 'web',
    projects: [],
    members: [],
    target: `release-${name}`,
    dryRun: true,
  }) as unknown as StepContext;

describe.each(STEPS)('release-%s', (name, step, settings, would) => {
  const projects = { web: { [name]: settings } };

  it('is refused where it is not configured, with what to write', async () => {
    expect((await step(context(name, { testStack }), {})).outcome).toMatchObject({
      kind: 'refused',
      refusals: [{ id: 'unconfigured', remedy: expect.stringContaining(`"web": { "${name}": { `) as string }],
    });
  });

  it('is refused without a test stack', async () => {
    expect((await step(context(name, { projects }), {})).outcome).toMatchObject({
      kind: 'refused',
      refusals: [{ id: 'testStack', reason: `release-${name} of web needs a test stack, and slipway.json has none` }],
    });
  });

  it('only tells what it would do in a dry run', async () => {
    expect((await step(context(name, { projects, testStack }), {})).outcome).toEqual({
      kind: 'wouldDo',
      summary: would,
    });
  });
});
