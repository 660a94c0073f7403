import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testStack } from '../config/producers';
import { createRun } from '../io/exec';
import { createGit } from '../io/git';
import { createTestWorld } from '../testing/test-world';
import { sourceCommit } from './source-commit';
import { withTestStack, type TestStack } from './test-stack';

/** Needs the engine, and the base image that the set-up makes. */
const COMPOSE = `services:
  web:
    image: debian:bookworm-slim
    pull_policy: never
    command: [sh, -c, "\${COMMAND:-sleep 60}"]
    stop_grace_period: 1s
    environment: { PORT: "\${WEB_PORT:?}" }
    volumes: ['data:/data']
    healthcheck: { test: ['CMD', 'true'], interval: 500ms, retries: 3 }
volumes: { data: {} }
`;

let root: string;
const project = `slipway-stack-${process.pid}`;
const git = (...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=Dana', '-c', 'user.email=dana@example.org', ...args], {
    cwd: root,
    encoding: 'utf8',
  }).trim();
const world = () => {
  const run = createRun({ cwd: root, env: process.env });
  const clock = { now: () => new Date(), sleep: () => Promise.resolve() };
  return { ...createTestWorld({ root, run, env: process.env }), clock, git: createGit(run, root) };
};
const engine = (...args: readonly string[]) =>
  execFileSync('docker', args, { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(project));
const left = () => [
  ...engine('ps', '--all', '--format', '{{.Names}}'),
  ...engine('volume', 'ls', '--format', '{{.Name}}'),
];
const stack = <T>(use: (stack: TestStack) => Promise<T>, config: object = {}, at = world()) =>
  withTestStack(
    at,
    {
      config: testStack.parse({
        compose: 'compose.yml',
        project,
        ports: ['WEB_PORT'],
        envFiles: [{ path: 'test.env' }],
        healthTimeout: '5s',
        ...config,
      }),
      images: {},
      blank: () => null,
      purpose: 'load-@acme/web',
    },
    use,
  );

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-stack-')));
  writeFileSync(join(root, 'compose.yml'), COMPOSE);
  writeFileSync(join(root, 'test.env'), 'GREETING=hello\n');
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'feat: begin');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('serves under variables of its own, is prepared, and is gone with its data afterwards', async () => {
  const prepare = ['sh', '-c', 'echo "$1 $GREETING" > prepared', '_', '${WEB_PORT}'];
  const port = await stack(
    ({ variables }) => {
      expect(left()).toHaveLength(2);
      return Promise.resolve(variables.get('WEB_PORT'));
    },
    { prepare },
  );
  expect(port).toMatch(/^\d+$/);
  expect(readFileSync(join(root, 'prepared'), 'utf8')).toBe(`${port} hello\n`);
  expect(left()).toEqual([]);
});

it('is gone also where its use fails, or it is stopped', async () => {
  await expect(stack(() => Promise.reject(new Error('the tests fail')))).rejects.toThrow('the tests fail');
  expect(left()).toEqual([]);
  const stopped = world();
  const use = () => {
    stopped.requestStop('SIGTERM');
    return Promise.resolve(stopped.stop.check());
  };
  await expect(stack(use, {}, stopped)).rejects.toThrow('stopped: SIGTERM');
  expect(left()).toEqual([]);
});

it('says what its services said where it does not come up', async () => {
  writeFileSync(join(root, 'test.env'), 'COMMAND=echo the disk is full; exit 3\n');
  const at = world();
  await expect(stack(() => Promise.resolve(), {}, at)).rejects.toMatchObject({
    message: expect.stringContaining('the test stack of compose.yml does not come up'),
  });
  expect(at.lines.join('\n')).toContain('the disk is full');
  expect(left()).toEqual([]);
});

it('removes what an earlier run left that was killed', async () => {
  let name = '';
  await stack(() => {
    name = left()[0] ?? '';
    return Promise.resolve();
  });
  const of = name.replace(/-web-1$/, '');
  const env = { ...process.env, WEB_PORT: '1' };
  execFileSync('docker', ['compose', '-p', of, '-f', join(root, 'compose.yml'), 'up', '-d'], { env, stdio: 'ignore' });
  const before = engine('ps', '--format', '{{.ID}} {{.Names}}');
  expect(before).toHaveLength(1);
  await stack(() => {
    expect(engine('ps', '--format', '{{.ID}} {{.Names}}')).not.toEqual(before);
    return Promise.resolve();
  });
  expect(left()).toEqual([]);
});

it('names a file of variables that is not there', async () => {
  await expect(stack(() => Promise.resolve(), { envFiles: [{ path: 'gone.env' }] })).rejects.toMatchObject({
    message: 'gone.env, which the test stack needs, does not exist on this machine',
  });
});

describe('the commit that images are built from', () => {
  const images = { web: { dockerfile: 'Dockerfile', context: ['web'], repository: 'x', variable: 'X', base: [] } };
  const content = async () => git('show', `${await sourceCommit(world(), images)}:web/index.js`);

  beforeEach(() => {
    mkdirSync(join(root, 'web'));
    writeFileSync(join(root, 'web/index.js'), 'one');
    writeFileSync(join(root, 'Dockerfile'), 'FROM scratch\n');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'feat: web');
  });

  it('is the last one where their files are unchanged, whatever else changed', async () => {
    writeFileSync(join(root, 'notes.md'), 'new');
    expect(await sourceCommit(world(), images)).toBe(git('rev-parse', 'HEAD'));
  });

  it('holds their files as they are, and touches neither index nor branch', async () => {
    writeFileSync(join(root, 'web/index.js'), 'two');
    const [status, head] = [git('status', '--porcelain'), git('rev-parse', 'HEAD')];
    expect(await content()).toBe('two');
    expect([git('status', '--porcelain'), git('rev-parse', 'HEAD')]).toEqual([status, head]);
    expect(await sourceCommit(world(), images)).toBe(await sourceCommit(world(), images));
  });
});
