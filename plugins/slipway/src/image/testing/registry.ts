import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What stands before the registry: it lets everything through, or answers by itself. */
export type Mood =
  | 'open'
  /** 401 to whoever does not log in as {@link LOGIN}. */
  | 'login'
  /** 429 with Retry-After: 1. */
  | 'busy'
  | 'broken';

export const LOGIN = { name: 'robot', password: 'canary-of-the-registry' };

/** As the registry itself asks for a login: docker clients up to 20.10 want its version there. Proxies that are busy or broken don't say it. */
const LOGIN_HEADERS = {
  'www-authenticate': 'Basic realm="test"',
  'docker-distribution-api-version': 'registry/2.0',
};

/** Debian's docker-registry behind an HTTP server of ours, both on loopback. */
export interface TestRegistry {
  /** `127.0.0.1:<port>`, of what stands before it. */
  readonly host: string;
  /** Mood by turn; the last one stays. */
  moods: Mood[];
  /** What was asked of it, by the moods that answered. */
  readonly answered: Mood[];
  /** What stands before it goes away, and comes back at the same port. */
  close(): Promise<void>;
  open(): Promise<void>;
  cleanUp(): Promise<void>;
}

export async function startRegistry(): Promise<TestRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-registry-'));
  const inner = await freePort();
  const config = {
    version: '0.1',
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: join(folder, 'data') } },
    http: { addr: `127.0.0.1:${inner}` },
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  const child = spawn('docker-registry', ['serve', join(folder, 'config.json')], { stdio: 'ignore' });
  await answering(child, inner);
  const registry = { moods: ['open'] as Mood[], answered: [] as Mood[] };
  let server: Server | null = null;
  let port = 0;
  const open = async () => {
    server = createServer((asked, answer) => handle(registry, inner, asked, answer));
    await once(server.listen(port, '127.0.0.1'), 'listening');
    port = (server.address() as AddressInfo).port;
  };
  const close = async () => {
    if (server === null) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    server = null;
    await closed;
  };
  await open();
  return Object.assign(registry, {
    host: `127.0.0.1:${port}`,
    open,
    close,
    cleanUp: async () => {
      await close();
      child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  });
}

function handle(
  registry: Pick<TestRegistry, 'moods' | 'answered'>,
  inner: number,
  asked: IncomingMessage,
  answer: ServerResponse,
): void {
  const mood = (registry.moods.length > 1 ? registry.moods.shift() : registry.moods[0]) ?? 'open';
  registry.answered.push(mood);
  const refuse = (status: number, headers: Record<string, string>, code: string, message: string) => {
    answer.writeHead(status, { 'content-type': 'application/json', ...headers });
    answer.end(JSON.stringify({ errors: [{ code, message }] }));
  };
  if (mood === 'busy') return refuse(429, { 'retry-after': '1' }, 'TOOMANYREQUESTS', 'slow down');
  if (mood === 'broken') return refuse(503, {}, 'UNAVAILABLE', 'out of order');
  const login = `Basic ${Buffer.from(`${LOGIN.name}:${LOGIN.password}`).toString('base64')}`;
  if (mood === 'login' && asked.headers.authorization !== login)
    return refuse(401, LOGIN_HEADERS, 'UNAUTHORIZED', 'authentication required');
  const headers = { ...asked.headers };
  delete headers.authorization;
  const onward = request(
    { host: '127.0.0.1', port: inner, method: asked.method, path: asked.url, headers },
    (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
    },
  );
  onward.on('error', () => answer.destroy());
  asked.pipe(onward);
}

async function answering(child: ChildProcess, port: number): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`docker-registry ended (exit ${child.exitCode})`);
    const answer = await fetch(`http://127.0.0.1:${port}/v2/`).catch(() => null);
    if (answer?.ok) return;
    if (Date.now() > deadline) throw new Error('docker-registry does not answer');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
