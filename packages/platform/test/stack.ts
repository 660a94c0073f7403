import { execFile, execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { platformRoot } from './platform-files';

const execute = promisify(execFile);
export const workspaceRoot = join(platformRoot, '../..');

/** What a service is built from, relative to the workspace. */
const contexts = {
  backend: [
    'packages/backend/helpdesk',
    'packages/backend/tickets',
    'packages/backend/manage.py',
    'packages/backend/gunicorn.conf.py',
    'packages/backend/requirements.txt',
    'packages/platform/backend',
  ],
  frontend: ['package.json', 'package-lock.json', 'packages/frontend', 'packages/platform/frontend'],
  db: ['packages/platform/db'],
} as const;
export type Service = keyof typeof contexts;

/** Builds a service's image from the tree as git sees it; returns the image's id. */
export async function build(service: Service): Promise<string> {
  const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard', '--', ...contexts[service]], {
    cwd: workspaceRoot,
  });
  const tar = spawn('tar', ['--null', '-T', '-', '-c'], { cwd: workspaceRoot, stdio: ['pipe', 'pipe', 'inherit'] });
  const docker = spawn(
    'docker',
    ['build', '-q', '-t', `helpdesk-int/${service}`, '-f', `packages/platform/${service}/Dockerfile`, '-'],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  tar.stdin.end(listed);
  tar.stdout.pipe(docker.stdin);
  let [stdout, stderr] = ['', ''];
  docker.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  docker.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise((resolve) => docker.on('close', resolve));
  if (code !== 0) throw new Error(`The image of ${service} can't be built:\n${stderr}`);
  return stdout.trim();
}

/** The test environment under a name and ports of its own, so that nothing else on the engine is in its way. */
export class Stack {
  readonly project = `helpdesk-int-${process.pid}`;
  private readonly env: Record<string, string>;

  private constructor(
    images: Record<Service, string>,
    readonly backendPort: number,
    readonly frontendPort: number,
    release: { readonly version: string; readonly commit: string },
  ) {
    this.env = {
      ...(process.env as Record<string, string>),
      DB_IMAGE: images.db,
      BACKEND_IMAGE: images.backend,
      FRONTEND_IMAGE: images.frontend,
      BACKEND_PORT: String(backendPort),
      FRONTEND_PORT: String(frontendPort),
      POSTGRES_PASSWORD: `it's "odd" \\ ${process.pid}`,
      DJANGO_SECRET_KEY: 'only-for-this-test-'.repeat(3),
      SLIPWAY_VERSION: release.version,
      SLIPWAY_COMMIT: release.commit,
    };
  }

  static async create(
    images: Record<Service, string>,
    release: { readonly version: string; readonly commit: string },
  ): Promise<Stack> {
    return new Stack(images, await freePort(), await freePort(), release);
  }

  async compose(...args: string[]): Promise<string> {
    const file = join(platformRoot, 'docker-compose.test.yml');
    const argv = ['compose', '--file', file, '--project-name', this.project, '--ansi', 'never', ...args];
    return (await execute('docker', argv, { env: this.env, maxBuffer: 2 ** 26 })).stdout;
  }

  /** Asks the engine about one of the stack's containers. */
  async inspect(container: string, format: string): Promise<string> {
    return docker('inspect', '--format', format, container);
  }

  async remove(): Promise<void> {
    await this.compose('down', '--volumes', '--remove-orphans', '--timeout', '2');
  }
}

export async function docker(...args: string[]): Promise<string> {
  return (await execute('docker', args, { maxBuffer: 2 ** 26 })).stdout.trim();
}

/** Polls until `look` gives the expected answer. */
export async function eventually<T>(look: () => Promise<T>, expected: T, patience = 60_000): Promise<void> {
  const giveUp = Date.now() + patience;
  let last: unknown;
  while (Date.now() < giveUp) {
    last = await look().catch((error: unknown) => error);
    if (last === expected) return;
    await sleep(250);
  }
  throw new Error(`Expected ${String(expected)} within ${patience} ms; last was ${String(last)}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port is free.');
  return address.port;
}
