import { execFile, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import ts from 'typescript';
import { platformRoot } from './platform-files';

const execute = promisify(execFile);
export const workspaceRoot = join(platformRoot, '../..');

export type Service = 'backend' | 'frontend' | 'db';

interface ImageConfig {
  readonly dockerfile: string;
  readonly context: readonly string[];
}

/** How slipway.json has a service's image built. */
export function imageConfig(service: Service): ImageConfig {
  const file = join(workspaceRoot, 'slipway.json');
  // TypeScript's reader takes comments and trailing commas, as Slipway does.
  const read = ts.parseConfigFileTextToJson(file, readFileSync(file, 'utf8'));
  const image = (read.config as { images: Record<string, ImageConfig | undefined> } | undefined)?.images[service];
  if (read.error || !image) throw new Error(`slipway.json has no image ${service}.`);
  return image;
}

/** Builds a service's image from the tree as git sees it; returns the image's id. */
export async function build(service: Service): Promise<string> {
  const { dockerfile, context } = imageConfig(service);
  const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard', '--', ...context], {
    cwd: workspaceRoot,
  });
  const tar = spawn('tar', ['--null', '-T', '-', '-c'], { cwd: workspaceRoot, stdio: ['pipe', 'pipe', 'inherit'] });
  const docker = spawn('docker', ['build', '-q', '-t', `helpdesk-int/${service}`, '-f', dockerfile, '-'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
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
