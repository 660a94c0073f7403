import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { build, docker, eventually, Stack, workspaceRoot, type Service } from './stack';

const release = { version: '9.8.7', commit: '0123456789abcdef0123456789abcdef01234567' };
let images: Record<Service, string>;
let stack: Stack;

beforeAll(async () => {
  images = { db: await build('db'), backend: await build('backend'), frontend: await build('frontend') };
  stack = await Stack.create(images, release);
}, 900_000);

afterAll(async () => stack?.remove());

const container = (service: Service) => `${stack.project}-${service}-1`;
const health = async (port: number) =>
  (await fetch(`http://127.0.0.1:${port}/health/`)).json() as Promise<Record<string, unknown>>;
const tickets = async () => (await fetch(`http://127.0.0.1:${stack.frontendPort}/api/tickets/`)).status;

it('migrates an empty database once, however many backends start at the same time', async () => {
  await stack.compose('up', '-d', '--wait', 'db');
  const names = ['first', 'second', 'third'].map((name) => `${stack.project}-${name}`);
  await Promise.all(names.map((name) => stack.compose('run', '-d', '--no-deps', '--name', name, 'backend')));
  try {
    await Promise.all(
      names.map((name) => eventually(() => stack.inspect(name, '{{.State.Health.Status}}'), 'healthy')),
    );
    const logs = await Promise.all(names.map((name) => docker('logs', name)));
    expect(logs.filter((log) => log.includes('Applying tickets.0001_initial'))).toHaveLength(1);
    expect(logs.filter((log) => log.includes('No migrations to apply'))).toHaveLength(2);
  } finally {
    await docker('rm', '-f', ...names);
  }
});

it('comes up healthy by image id, and says which release it is', async () => {
  await stack.compose('up', '-d', '--wait', '--wait-timeout', '120');
  for (const service of ['db', 'backend', 'frontend'] as const) {
    expect(await stack.inspect(container(service), '{{.Image}} {{.State.Health.Status}}')).toBe(
      `${images[service]} healthy`,
    );
  }
  expect(await health(stack.frontendPort)).toEqual({ status: 'ok', ...release });
  expect(await health(stack.backendPort)).toMatchObject({ status: 'ok', ...release });
  const behindNginx = await fetch(`http://127.0.0.1:${stack.frontendPort}/api/health/`);
  expect(await behindNginx.json()).toEqual(await health(stack.backendPort));
});

it('takes a ticket through its life, behind nginx', () => {
  const smoke = join(workspaceRoot, 'packages/backend/smoke/smoke.py');
  const said = execFileSync('python3', [smoke, '--base-url', `http://127.0.0.1:${stack.frontendPort}`], {
    encoding: 'utf8',
  });
  expect(said).toContain('HD-');
});

it('serves the interface with its security headers, and its files to keep for ever', async () => {
  const page = await fetch(`http://127.0.0.1:${stack.frontendPort}/tickets/some/deep/link`);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
  const asset = /\/assets\/[^"]+\.js/.exec(await page.text())?.[0];
  const file = await fetch(`http://127.0.0.1:${stack.frontendPort}${asset}`);
  expect(file.status).toBe(200);
  expect(file.headers.get('cache-control')).toContain('immutable');
  expect(file.headers.get('x-content-type-options')).toBe('nosniff');
  expect((await fetch(`http://127.0.0.1:${stack.frontendPort}/assets/gone.js`)).status).toBe(404);
});

it('finds a replaced backend at its new address, and its tickets with it', async () => {
  const address = () =>
    stack.inspect(container('backend'), `{{(index .NetworkSettings.Networks "${stack.project}_web").IPAddress}}`);
  const started = await stack.inspect(container('frontend'), '{{.State.StartedAt}}');
  expect(await tickets()).toBe(200);
  const before = await address();
  await docker('rm', '-f', container('backend'));
  // Something else takes the old address, so that an nginx which remembers it would be found out.
  const squatter = await docker('run', '-d', '--network', `${stack.project}_web`, images.db, 'sleep', '300');
  try {
    await stack.compose('up', '-d', '--wait', '--wait-timeout', '120');
    expect(await address()).not.toBe(before);
    await eventually(tickets, 200, 10_000);
    expect(await stack.inspect(container('frontend'), '{{.State.StartedAt}}')).toBe(started);
    const list = (await (await fetch(`http://127.0.0.1:${stack.frontendPort}/api/tickets/`)).json()) as {
      count: number;
    };
    expect(list.count).toBeGreaterThan(0);
  } finally {
    await docker('rm', '-f', squatter);
  }
});

it('leaves the database alone when only the release changes', async () => {
  const next = await Stack.create(images, { ...release, version: '9.9.0' });
  const started = await stack.inspect(container('db'), '{{.State.StartedAt}}');
  await next.compose('up', '-d', '--wait', '--wait-timeout', '120');
  expect(await health(next.frontendPort)).toMatchObject({ version: '9.9.0' });
  expect(await health(next.backendPort)).toMatchObject({ version: '9.9.0' });
  expect(await stack.inspect(container('db'), '{{.State.StartedAt}}')).toBe(started);
});

it('migrates no existing database where a deployment does, and serves beside none that lacks migrations', async () => {
  const run = (...argv: string[]) =>
    stack.compose('run', '--rm', '--no-deps', '-T', '-e', 'HELPDESK_MIGRATE=new', 'backend', ...argv);
  const manage = (...argv: string[]) => run('python', 'manage.py', ...argv);
  await manage('migrate', 'tickets', '0003');
  await expect(run()).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('The database lacks tickets.0004_reference_required.') as string,
  });
  expect(await manage('showmigrations', 'tickets')).toContain('[ ] 0004');
  await manage('migrate');
});

it.each([
  ['HELPDESK_VERSION', '1.0"}'],
  ['HELPDESK_COMMIT', 'a b'],
  ['BACKEND_URL', 'http://backend; return 200'],
])('refuses to start nginx with a %s that could end its string', async (name, value) => {
  await expect(docker('run', '--rm', '-e', `${name}=${value}`, images.frontend)).rejects.toMatchObject({ code: 64 });
});
