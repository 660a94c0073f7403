import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface PrometheusFixture {
  readonly url: string;
  /** What the scraped service says on `/metrics`. */
  setMetrics(text: string): void;
  /** Waits until a query gives something. */
  waitFor(query: string): Promise<void>;
  /** Sends a signal to the server, e.g. SIGSTOP to make it slow. */
  signal(name: NodeJS.Signals): void;
  /** Kills the server; `start` brings it back at the same address, with what it had recorded. */
  stop(): Promise<void>;
  start(): Promise<void>;
  cleanUp(): Promise<void>;
}

/** A real Prometheus on a free loopback port, which scrapes a small HTTP server five times a second. Needs `prometheus` on the PATH. */
export async function startPrometheus(): Promise<PrometheusFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-prometheus-'));
  const metrics = { text: '' };
  const target = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(metrics.text);
  });
  const targetPort = await listen(target);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = {
    global: { scrape_interval: '200ms', scrape_timeout: '200ms' },
    scrape_configs: [{ job_name: 'shop', static_configs: [{ targets: [`127.0.0.1:${targetPort}`] }] }],
  };
  // JSON is YAML, too.
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const launch = (): Launched => {
    const server = spawn(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=error',
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    return { server, ended: new Promise((resolve) => server.once('close', () => resolve())) };
  };
  let launched = launch();
  const ready = () => until(launched.server, async () => (await fetch(`${url}/-/ready`)).ok);
  const fixture: PrometheusFixture = {
    url,
    setMetrics: (text) => {
      metrics.text = text;
    },
    waitFor: (query) => until(launched.server, async () => (await results(url, query)) > 0),
    signal: (name) => void launched.server.kill(name),
    stop: async () => {
      launched.server.kill('SIGKILL');
      await launched.ended;
    },
    start: async () => {
      launched = launch();
      await ready();
    },
    cleanUp: async () => {
      await fixture.stop();
      target.closeAllConnections();
      await new Promise((resolve) => target.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await ready();
    return fixture;
  } catch (error) {
    await fixture.cleanUp();
    throw error;
  }
}

interface Launched {
  readonly server: ChildProcess;
  readonly ended: Promise<void>;
}

async function results(url: string, query: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query }).toString()}`);
  const answer = (await response.json()) as { readonly data?: { readonly result: readonly unknown[] } };
  return answer.data?.result.length ?? 0;
}

async function until(server: ChildProcess, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 150; tries += 1) {
    if (server.exitCode !== null) throw new Error(`prometheus ended with ${server.exitCode}`);
    // It refuses connections until it is up.
    if (await holds().catch(() => false)) return;
    await sleep(100);
  }
  throw new Error('prometheus did not become ready');
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
