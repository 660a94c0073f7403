import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { slipwaySchema, type EnvironmentConfig } from '../config/schema';
import { createRun } from '../io/exec';
import { createTestWorld, type TestWorld } from '../testing/test-world';
import { verify } from './verify';

const release = { version: '1.1.0', commit: 'abc' };

describe('verify', () => {
  let root: string;
  let world: TestWorld;
  const servers: Server[] = [];
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'slipway-verify-'));
    world = createTestWorld({ root, run: createRun({ cwd: root }) });
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    await rm(root, { recursive: true, force: true });
  });

  async function serve(listener: RequestListener): Promise<number> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  function environment(probes: readonly object[], change: object = {}): EnvironmentConfig {
    const verification = { probes, attempts: 3, interval: '1ms' };
    const config = slipwaySchema.parse({
      environments: { staging: { compose: 'compose.yml', project: 'p', verify: verification, ...change } },
    });
    return config.environments['staging'] as EnvironmentConfig;
  }
  const check = (config: EnvironmentConfig) => verify({ world, environment: 'staging', config, release });

  it('is unknown where nothing is measured', async () => {
    expect(await check(environment([]))).toMatchObject({ health: 'unknown', measurements: [] });
  });

  it('gives a service its attempts, and takes variables from the environment files', async () => {
    let asked = 0;
    const port = await serve((request, response) => {
      asked += 1;
      response.statusCode = asked < 3 ? 503 : 200;
      response.end(JSON.stringify({ version: '1.1.0', path: request.url }));
    });
    await writeFile(join(root, 'staging.env'), `PORT=${port}\n`);
    const probe = {
      name: 'web',
      http: 'http://127.0.0.1:${PORT}/${PATH_OF_HEALTH:-health}/',
      expect: { version: true, json: { path: '/health/' } },
    };
    const config = environment([probe], { envFiles: [{ path: 'staging.env' }] });
    expect(await check(config)).toMatchObject({ health: 'healthy', measurements: [{ probe: 'web', attempts: 3 }] });
    expect(world.lines.join('\n')).toMatch(/web: 503 in \d+ ms, expected 200 \(attempt 1 of 3\)/);
  });

  it('does not follow redirects, and takes refusal and silence for unhealthy', async () => {
    const redirecting = await serve((_request, response) => response.writeHead(302, { location: '/ok' }).end());
    const silent = await serve(() => undefined);
    const gone = await serve(() => undefined);
    const closed = servers.pop();
    await new Promise((resolve) => closed?.close(resolve));
    const url = (port: number) => `http://127.0.0.1:${port}/`;
    const result = await check(
      environment([
        { name: 'redirect', http: url(redirecting) },
        { name: 'silent', http: url(silent), timeout: '50ms' },
        { name: 'gone', http: url(gone) },
      ]),
    );
    expect(result.health).toBe('unhealthy');
    expect(result.measurements.map(({ health, attempts }) => [health, attempts])).toEqual(
      Array(3).fill(['unhealthy', 3]),
    );
    expect(result.reason).toMatch(/302 in .*no answer within 50 ms.*connection refused/s);
  });

  it('is unknown, and says why, where a probe could not be made', async () => {
    const results = await check(
      environment([
        { name: 'variable', http: 'http://127.0.0.1:${NOWHERE}/' },
        { name: 'command', command: ['slipway-no-such-program'] },
        { name: 'shell', command: ['sh', '-c', 'slipway-no-such-program'] },
      ]),
    );
    expect(results.health).toBe('unknown');
    expect(results.measurements.map(({ health, attempts }) => [health, attempts])).toEqual(
      Array(3).fill(['unknown', 1]),
    );
    expect(results.reason).toMatch(/NOWHERE has no value.*slipway-no-such-program is not installed/s);
    const missing = environment([{ name: 'web', http: 'http://127.0.0.1/' }], { envFiles: [{ path: 'gone.env' }] });
    expect(await check(missing)).toMatchObject({
      health: 'unknown',
      reason: expect.stringContaining('gone.env does not exist'),
    });
  });

  it('runs smoke commands with the release, and shows no secret', async () => {
    await writeFile(join(root, 'staging.env'), 'API_TOKEN=do-not-tell\n');
    const files = { envFiles: [{ path: 'staging.env' }] };
    const smoke = (script: string) =>
      environment([{ name: 'smoke', command: ['sh', '-c', script, 'sh', '${API_TOKEN}'] }], files);
    const good = 'test "$SLIPWAY_VERSION $SLIPWAY_COMMIT $SLIPWAY_ENVIRONMENT $1" = "1.1.0 abc staging do-not-tell"';
    expect((await check(smoke(good))).health).toBe('healthy');
    const bad = await check(smoke('echo "login with $1 failed" >&2; exit 4'));
    expect(bad).toMatchObject({
      health: 'unhealthy',
      reason: expect.stringMatching(/exit 4 in \d+ ms: login with \*\*\* failed \(after 3/),
    });
    expect(JSON.stringify(bad) + world.lines.join('\n')).not.toContain('do-not-tell');
  });

  it('connects, and knows a server by its first words', async () => {
    // Who has heard enough hangs up.
    const greeter = createTcpServer((socket) => socket.on('error', () => undefined).end('SSH-2.0-shop\r\n'));
    const silent = createTcpServer(() => undefined);
    const [greeting, quiet] = [await listenTcp(greeter), await listenTcp(silent)];
    const gone = await listenTcp(createTcpServer(), true);
    await writeFile(join(root, 'staging.env'), `PORT=${greeting}\n`);
    const tcp = (name: string, address: string, banner?: string) => ({ name, tcp: address, timeout: '150ms', banner });
    const { measurements } = await check(
      environment(
        [
          tcp('open', '127.0.0.1:${PORT}'),
          tcp('greets', '127.0.0.1:${PORT}', '^SSH-2'),
          tcp('greets otherwise', `127.0.0.1:${greeting}`, '^220 '),
          tcp('silent', `127.0.0.1:${quiet}`, '^220 '),
          tcp('gone', `127.0.0.1:${gone}`),
          tcp('no port', '127.0.0.1:${NO_PORT:-0}'),
        ],
        { envFiles: [{ path: 'staging.env' }] },
      ),
    );
    await Promise.all([greeter, silent].map((server) => new Promise((resolve) => server.close(resolve))));
    expect(
      measurements.map(({ probe, health, seen }) => `${probe}: ${health}, ${seen.replace(/\d+ ms/, 'n ms')}`),
    ).toEqual([
      'open: healthy, connected in n ms',
      'greets: healthy, answered in n ms',
      'greets otherwise: unhealthy, said "SSH-2.0-shop", which was not expected',
      'silent: unhealthy, connected, but said nothing that was expected within n ms',
      'gone: unhealthy, connection refused',
      'no port: unknown, 127.0.0.1:${NO_PORT:-0} is no host:port once its variables are filled in',
    ]);
  });

  it('lets itself in with headers and credentials, which appear nowhere', async () => {
    const asked: (string | undefined)[] = [];
    const port = await serve((request, response) => {
      asked.push(request.headers.authorization, request.headers['x-api-key'] as string | undefined);
      response.end(JSON.stringify({ echo: asked.join(' ') }));
    });
    await writeFile(join(root, 'staging.env'), `PORT=${port}\nTHE_WORD=canary-one\nOTHER=canary-two\n`);
    const probe = {
      name: 'web',
      http: 'http://me:${THE_WORD}@127.0.0.1:${PORT}/?token=canary-three',
      headers: { 'X-Api-Key': '${OTHER}' },
      expect: { json: { echo: 'nothing' } },
    };
    const result = await check(environment([probe], { envFiles: [{ path: 'staging.env' }] }));
    expect(asked.slice(0, 2)).toEqual([`Basic ${Buffer.from('me:canary-one').toString('base64')}`, 'canary-two']);
    expect(result.health).toBe('unhealthy');
    expect(result.measurements[0]?.query).toBe('http://***@127.0.0.1:${PORT}/?token=***');
    const shown = JSON.stringify(result) + world.lines.join('\n');
    expect(shown).not.toMatch(/canary/);
    expect(shown).not.toContain(Buffer.from('me:canary-one').toString('base64'));
  });

  it('ends at once when it is stopped', async () => {
    const silent = await serve(() => world.requestStop('SIGTERM'));
    await expect(check(environment([{ name: 'web', http: `http://127.0.0.1:${silent}/` }]))).rejects.toThrow(/stopped/);
  });
});

async function listenTcp(server: TcpServer, andClose = false): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  if (andClose) await new Promise((resolve) => server.close(resolve));
  return port;
}
