import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { slipwaySchema, type EnvironmentConfig } from '../config/schema';
import { createClock } from '../io/create-world';
import { foldEnvironment } from '../ledger/state';
import { startPrometheus, type PrometheusFixture } from '../testing/prometheus';
import { createTestWorld, type TestWorld } from '../testing/test-world';
import type { Subject } from './meter';
import { preflightProbes } from './preflight';
import { verify } from './verify';

const METRICS = `shop_error_ratio 0.02
shop_requests 1200
shop_up{zone="a"} 1
shop_up{zone="b"} 1
shop_zero 0
`;

/** Stands for the server's address, which nobody knows before it runs. */
const SERVER = 'http://the-server';

describe('metrics of a Prometheus server', () => {
  let prometheus: PrometheusFixture;
  let root: string;
  let world: TestWorld;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'slipway-metrics-'));
    prometheus = await startPrometheus();
    prometheus.setMetrics(METRICS);
    await prometheus.waitFor('shop_zero');
  }, 30_000);
  afterAll(async () => {
    await prometheus.cleanUp();
    await rm(root, { recursive: true, force: true });
  });
  beforeEach(() => {
    // Moments that the server is asked about are real ones.
    world = { ...createTestWorld({ root }), clock: createClock() };
  });

  function environment(probe: object, change: object = {}): EnvironmentConfig {
    const text = JSON.stringify([{ name: 'errors', timeout: '2s', ...probe }]);
    const probes: unknown = JSON.parse(text.replaceAll(SERVER, prometheus.url));
    const parsed = slipwaySchema.parse({
      environments: {
        prod: { compose: 'c.yml', project: 'p', verify: { probes, attempts: 1, interval: '1ms' }, ...change },
      },
    });
    return parsed.environments['prod'] as EnvironmentConfig;
  }
  const ask = (query: string, more: object = {}) => ({ prometheus: { url: SERVER, query, ...more } });
  const check = (config: EnvironmentConfig, change: Partial<Subject> = {}) =>
    verify({ world, environment: 'prod', config, release: { version: '1.1.0', commit: 'abc' }, ...change });
  const range = (more: object = {}) => ({ range: { window: '1s', step: '1s', ...more } });

  it.each<[string, object, object, string, string]>([
    ['within bounds', { max: 0.05 }, ask('shop_error_ratio'), 'healthy', '0.02'],
    ['a scalar', { max: 3 }, ask('scalar(shop_zero) + 2'), 'healthy', '2'],
    ['above', { max: 0.01 }, ask('shop_error_ratio'), 'unhealthy', '0.02, above 0.01'],
    ['below', { min: 2 }, ask('sum(shop_zero)'), 'unhealthy', '0, below 2'],
    [
      'enough requests',
      { max: 1, minSamples: 1_000 },
      ask('shop_zero', { samples: 'shop_requests' }),
      'healthy',
      '1200 samples',
    ],
    [
      'too few requests',
      { max: 1, minSamples: 2_000 },
      ask('shop_zero', { samples: 'shop_requests' }),
      'unknown',
      'only 1200 samples',
    ],
    ['nothing', { max: 1 }, ask('no_such_metric'), 'unknown', 'no data'],
    ['NaN', { max: 1 }, ask('shop_zero / shop_zero'), 'unknown', 'NaN is no number'],
    ['an infinity', { min: 1 }, ask('shop_requests / shop_zero'), 'unknown', '+Inf is no number'],
    ['two series', { min: 1 }, ask('shop_up'), 'unknown', '2 series instead of one'],
    ['a range vector', { max: 1 }, ask('shop_zero[5m]'), 'unknown', 'aggregate it'],
    ['a mistake', { max: 1 }, ask('sum('), 'unknown', 'parse error'],
    ['an empty range', { max: 1 }, ask('no_such_metric', range()), 'unknown', 'no data'],
    ['too few points', { max: 1, minSamples: 50 }, ask('shop_zero', range()), 'unknown', 'fewer than 50'],
  ])('%s', async (_, bounds, query, health, seen) => {
    const result = await check(environment({ ...query, ...bounds }));
    expect(result).toMatchObject({
      health,
      measurements: [{ seen: expect.stringContaining(seen), kind: 'prometheus' }],
    });
  });

  it('records the query, the value, its bound, its window and on how much it rests', async () => {
    await prometheus.waitFor('shop_error_ratio offset 1s');
    const { measurements } = await check(
      environment({ ...ask('shop_error_ratio', range({ aggregate: 'mean' })), max: 0.05, count: 2 }),
    );
    const [{ from, to, ...rest } = {}] = measurements;
    expect(rest).toMatchObject({
      query: 'mean of shop_error_ratio [1s:1s]',
      value: 0.02,
      limit: 0.05,
      samples: 2,
      failures: 0,
      attempts: 2,
    });
    expect(Date.parse(to ?? '') - Date.parse(from ?? '')).toBeGreaterThanOrEqual(1_000);
  });

  it('compares with what the same query gave before the deployment, else with the last healthy verification', async () => {
    const compare = { maxIncrease: 0.5, noBaseline: 'unknown' };
    const config = environment({ ...ask('shop_error_ratio'), compare });
    const now = new Date();
    const deployed = { began: now, finished: now, replaced: true };
    expect(await check(config, { deployed })).toMatchObject({
      health: 'healthy',
      measurements: [{ seen: '0.02, 0.02 before the deployment' }],
    });
    const before = () => ({ value: 0.01, source: 'when 1.0.0 was verified' });
    expect(await check(config, { before })).toMatchObject({
      health: 'unhealthy',
      measurements: [{ seen: '0.02, more than 50 % above 0.01 when 1.0.0 was verified', limit: 0.015 }],
    });
    expect(await check(config)).toMatchObject({ health: 'unknown' });
    // Long ago there was no server: nothing is made of that.
    const longAgo = { began: new Date(0), finished: new Date(0), replaced: true };
    expect(await check(config, { deployed: longAgo })).toMatchObject({ health: 'unknown' });
  });

  it('refuses before a deployment what could never give a verdict, also where nothing serves', async () => {
    const preflight = (config: EnvironmentConfig) =>
      preflightProbes({ world, environment: 'prod', config, state: foldEnvironment([]), verifyCommand: 'run verify' });
    expect(await preflight(environment({ ...ask('sum('), max: 1 }))).toMatchObject({
      refusals: [{ reason: expect.stringMatching(/errors \(sum\(\) could never tell.*parse error/) }],
    });
    expect(await preflight(environment({ ...ask('shop_up'), max: 1 }))).toMatchObject({ refusals: [{ id: 'probes' }] });
    expect(await preflight(environment({ ...ask('no_such_metric'), max: 1 }))).toMatchObject({
      refusals: [],
      warnings: [expect.stringContaining('no data')],
    });
    expect(await preflight(environment({ ...ask('shop_zero'), max: 1 }))).toEqual({ refusals: [], warnings: [] });
  });

  it('lets itself in by variables, and shows neither password nor token', async () => {
    const seen: (string | undefined)[] = [];
    const proxy = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.statusCode = 401;
      response.end('who are you, s3cret-word?');
    });
    const port = await listen(proxy);
    await writeFile(join(root, 'prod.env'), `PROM_PASSWORD=s3cret-word\nPROM_TOKEN=t0ken-word\nPORT=${port}\n`);
    const files = { envFiles: [{ path: 'prod.env' }] };
    const url = 'http://127.0.0.1:${PORT}/prefix/';
    const at = (more: object) => environment({ prometheus: { url, query: 'up', ...more }, max: 1 }, files);
    const results = [
      await check(at({ auth: { user: 'reader', password: 'PROM_PASSWORD' } })),
      await check(at({ auth: { token: 'PROM_TOKEN' } })),
      await check(at({ url: 'http://reader:${PROM_PASSWORD}@127.0.0.1:${PORT}/prefix/' })),
      await check(at({ auth: { token: 'NO_SUCH_TOKEN' } })),
    ];
    await close(proxy);
    expect(results.map(({ health }) => health)).toEqual(Array(4).fill('unknown'));
    expect(results[0]?.reason).toContain('HTTP 401');
    expect(results[3]?.reason).toContain('NO_SUCH_TOKEN has no value');
    const basic = `Basic ${Buffer.from('reader:s3cret-word').toString('base64')}`;
    expect(seen).toEqual([basic, 'Bearer t0ken-word', basic]);
    expect(JSON.stringify(results) + world.lines.join('\n')).not.toMatch(/s3cret|t0ken/);
  });

  it('is unknown while the server is slow, is another one, or is away', async () => {
    const other = createServer((_request, response) => response.end('<html>hello'));
    const port = await listen(other);
    const elsewhere = environment({ prometheus: { url: `http://127.0.0.1:${port}`, query: 'up' }, max: 1 });
    expect(await check(elsewhere)).toMatchObject({
      health: 'unknown',
      reason: expect.stringContaining('not one of Prometheus'),
    });
    await close(other);
    expect(await check(elsewhere)).toMatchObject({
      health: 'unknown',
      reason: expect.stringContaining('ECONNREFUSED'),
    });
    prometheus.signal('SIGSTOP');
    try {
      const slow = environment({ ...ask('shop_zero'), max: 1, timeout: '200ms' });
      expect(await check(slow)).toMatchObject({
        health: 'unknown',
        reason: expect.stringContaining('did not answer within 200 ms'),
      });
    } finally {
      prometheus.signal('SIGCONT');
    }
  });

  it('bakes: what turns bad after it was found healthy is unhealthy, at once', async () => {
    const config = environment({ ...ask('shop_error_ratio'), max: 0.05, interval: '200ms', failureLimit: 0 });
    const baking = { ...config, verify: { ...config.verify, bake: '20s' } };
    const result = verify({
      world,
      environment: 'prod',
      config: baking,
      release: { version: '1', commit: 'a' },
      bake: true,
    });
    await new Promise((resolve) => setTimeout(resolve, 600));
    prometheus.setMetrics(METRICS.replace('0.02', '0.5'));
    const began = Date.now();
    expect(await result).toMatchObject({ health: 'unhealthy', reason: expect.stringContaining('0.5, above 0.05') });
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(world.lines.join('\n')).toMatch(/Baking: 20 s left, \d+ measurements seen, none failed/);
  });
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
