import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { slipwaySchema, type EnvironmentConfig, type Probe } from '../config/schema';
import { createTestWorld } from '../testing/test-world';
import { createMeter } from './meter';

const BEFORE = Date.parse('2020-01-01T00:00:00Z');
const BEFORE_SECONDS = (BEFORE / 1_000).toFixed(3);

/** A server that answers about now, and as `then` says about the time before the deployment. */
async function listen(then: () => { readonly status: number; readonly result: readonly unknown[] }): Promise<Server> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (text: string) => (body += text));
    request.on('end', () => {
      const earlier = new URLSearchParams(body).get('time') === BEFORE_SECONDS;
      const { status, result } = earlier ? then() : { status: 200, result: [{ metric: {}, value: [1, '0.5'] }] };
      response.statusCode = status;
      response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function comparing(server: Server) {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const errors = { name: 'errors', prometheus: { url, query: 'ratio' }, compare: { maxIncrease: 0.2 } };
  const { environments } = slipwaySchema.parse({
    environments: { prod: { compose: 'c.yml', project: 'p', verify: { probes: [errors] } } },
  });
  const config = environments['prod'] as EnvironmentConfig;
  const [began, finished] = [new Date(BEFORE), new Date(BEFORE + 1)];
  const meter = await createMeter({
    world: createTestWorld(),
    environment: 'prod',
    config,
    release: { version: '1.1.0', commit: 'abc' },
    deployed: { began, finished, replaced: true },
  });
  return () => meter(config.verify.probes[0] as Probe);
}

describe('a comparison with the time before the deployment', () => {
  let server: Server;
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('is unknown while the server does not tell of it, and is asked for again', async () => {
    let away = true;
    server = await listen(() => ({ status: away ? 503 : 200, result: [{ metric: {}, value: [1, '0.1'] }] }));
    const measure = await comparing(server);
    expect(await measure()).toMatchObject({ result: 'impossible', seen: expect.stringContaining('HTTP 503') });
    away = false;
    expect(await measure()).toMatchObject({ result: 'failed', seen: expect.stringContaining('above 0.1') });
    away = true;
    expect(await measure()).toMatchObject({ result: 'failed' });
  });

  it('is left out where nothing was measured then', async () => {
    server = await listen(() => ({ status: 200, result: [] }));
    const measure = await comparing(server);
    expect(await measure()).toMatchObject({ result: 'passed', seen: '0.5, with nothing to compare it with' });
  });
});
