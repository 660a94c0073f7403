import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load as schema } from '../../config/producers';
import { readReport, type PerformanceReport } from '../../reports';
import { createTestWorld } from '../../testing/test-world';
import { runLoad } from './load';

let root: string;
let server: Server;
let count: number;
/** What the server does with its nth request. */
let behave: (n: number, ...args: Parameters<RequestListener>) => void;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'slipway-load-'));
  count = 0;
  server = createServer((request, response) => behave((count += 1), request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(root, { recursive: true, force: true });
});

const measure = async (change: object = {}): Promise<PerformanceReport> => {
  const config = schema.parse({
    url: 'http://127.0.0.1:${PORT}',
    scenarios: [{ name: 'list', path: '/' }],
    connections: 4,
    warmup: '0s',
    duration: '1s',
    timeout: '1s',
    ...change,
  });
  const variables = new Map([['PORT', String((server.address() as AddressInfo).port)]]);
  const world = { ...createTestWorld({ root }), clock: { now: () => new Date(), sleep: async () => undefined } };
  const { path } = await runLoad(world, { reports: '.slipway/reports/api/load', config, variables });
  expect(path).toBe('.slipway/reports/api/load/autocannon.json');
  const { report } = readReport('auto', readFileSync(join(root, path)));
  if (report.kind !== 'performance') throw new Error(`read as ${report.kind}`);
  return report;
};

it('measures what the server takes, and says when', async () => {
  behave = (_n, _request, response) => setTimeout(() => response.end('{}'), 30);
  const { scenarios, origin } = await measure();
  expect(scenarios).toMatchObject([{ name: 'list', failed: 0, timeouts: 0, coversFailures: true }]);
  expect(scenarios[0]?.p95).toBeGreaterThanOrEqual(29);
  expect(scenarios[0]?.requests).toBeGreaterThan(20);
  expect(origin).toMatchObject({ tool: 'autocannon', measuredAt: expect.stringMatching(/Z$/) });
});

it('counts answers without success, and lets them spoil the percentile', async () => {
  behave = (n, _request, response) => {
    response.statusCode = n % 2 === 0 ? 500 : 200;
    response.end('{}');
  };
  const [scenario] = (await measure()).scenarios;
  expect(scenario?.failed).toBeGreaterThan(10);
  expect(scenario?.p95).toBeNull();
});

it('counts requests whose connection is closed without an answer', async () => {
  behave = (n, request, response) => (n % 5 === 0 ? void request.socket.end() : void response.end('{}'));
  const [scenario] = (await measure()).scenarios;
  expect(scenario?.failed).toBeGreaterThan(10);
  expect(scenario?.p95).toBeNull();
});

it('counts time-outs, and what was never answered before the end', async () => {
  behave = (n, _request, response) => (n > 1 && n % 3 === 0 ? undefined : void response.end('{}'));
  const [scenario] = (await measure({ duration: '3s' })).scenarios;
  expect(scenario?.timeouts).toBeGreaterThanOrEqual(4);
  const stuck = await measure({ duration: '3s', timeout: '10s' });
  expect(stuck.scenarios[0]?.timeouts).toBe(4);
});

it('measures nothing while it warms up', async () => {
  const start = Date.now();
  behave = (_n, _request, response) => {
    response.statusCode = Date.now() - start < 900 ? 503 : 200;
    response.end('{}');
  };
  expect((await measure({ warmup: '1s' })).scenarios).toMatchObject([{ failed: 0, timeouts: 0 }]);
});

it('takes a server that is not there for no measurement, and leaves no report', async () => {
  behave = () => undefined;
  await expect(measure({ url: 'http://127.0.0.1:1' })).rejects.toMatchObject({
    message: expect.stringContaining('nothing answers at http://127.0.0.1:1'),
  });
});
