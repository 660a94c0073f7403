import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** A second Docker Engine on this machine, with nothing on it but copies of the images named. */
export interface OwnEngine {
  /** `unix://…` */
  readonly address: string;
  docker(...args: string[]): Promise<string>;
  cleanUp(): Promise<void>;
}

export async function startEngine(images: readonly string[]): Promise<OwnEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-engine-'));
  const address = `unix://${folder}/docker.sock`;
  const docker = async (...args: string[]) =>
    (await execute('docker', ['--host', address, ...args], { maxBuffer: 2 ** 26 })).stdout.trim();
  const child = spawn(
    'dockerd',
    [
      ...['--host', address, '--data-root', join(folder, 'data'), '--exec-root', join(folder, 'run')],
      ...['--pidfile', join(folder, 'docker.pid'), '--bridge', 'none', '--log-level', 'warn'],
      // Beside the ranges of the engine that serves everyone.
      ...['--default-address-pool', 'base=10.217.0.0/16,size=24', '--shutdown-timeout', '2'],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const cleanUp = async () => {
    await docker('system', 'prune', '--force', '--volumes').catch(() => '');
    await ended(child);
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  const deadline = Date.now() + 60_000;
  while ((await docker('version').catch(() => null)) === null) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await ended(child);
      throw new Error(`dockerd does not come up:\n${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  try {
    const save = spawn('docker', ['save', ...images], { stdio: ['ignore', 'pipe', 'inherit'] });
    const load = spawn('docker', ['--host', address, 'load', '--quiet'], { stdio: ['pipe', 'ignore', 'inherit'] });
    const loaded = once(load, 'close');
    await pipeline(save.stdout, load.stdin);
    const [code] = (await loaded) as [number | null];
    if (code !== 0) throw new Error(`images could not be copied: ${images.join(', ')}`);
  } catch (error) {
    await cleanUp();
    throw error;
  }
  return { address, docker, cleanUp };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}
