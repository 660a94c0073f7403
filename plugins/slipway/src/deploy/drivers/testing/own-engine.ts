import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * A second Docker Engine on this machine, with nothing on it but copies of the images named. It has a network namespace of its own: two
 * engines in one would take each other's bridge and firewall rules away. So its ports can't be reached from here.
 */
export interface OwnEngine {
  /** `unix://…` */
  readonly address: string;
  docker(...args: string[]): Promise<string>;
  cleanUp(): Promise<void>;
}

export async function startEngine(images: readonly string[]): Promise<OwnEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-engine-'));
  const namespace = basename(folder);
  await execute('ip', ['netns', 'add', namespace]);
  await execute('ip', ['-n', namespace, 'link', 'set', 'lo', 'up']);
  const address = `unix://${folder}/docker.sock`;
  const docker = async (...args: string[]) =>
    (await execute('docker', ['--host', address, ...args], { maxBuffer: 2 ** 26 })).stdout.trim();
  const child = spawn(
    'nsenter',
    [
      // ip netns exec would hide the control groups, which a daemon needs.
      ...[`--net=/var/run/netns/${namespace}`, 'dockerd', '--host', address],
      ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'run')],
      ...['--pidfile', join(folder, 'docker.pid'), '--log-level', 'warn', '--shutdown-timeout', '2'],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const cleanUp = async () => {
    await docker('system', 'prune', '--force', '--volumes').catch(() => '');
    await ended(child);
    await execute('ip', ['netns', 'delete', namespace]);
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  const deadline = Date.now() + 60_000;
  while ((await docker('version').catch(() => null)) === null) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await cleanUp();
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
