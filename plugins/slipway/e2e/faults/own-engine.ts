import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { kill, until } from '../support/processes';

/** A Docker Engine of one's own, which may be stopped and killed: nobody else's containers are on it. */
export interface OwnEngine {
  /** For DOCKER_HOST. */
  readonly host: string;
  start(): Promise<void>;
  /** By SIGKILL, with its containers going on, as in a crash; or in an orderly way, which stops them. */
  stop(how: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  cleanUp(): Promise<void>;
}

/** @param images names of images that are copied from the engine in force */
export async function createOwnEngine(images: readonly string[]): Promise<OwnEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-engine-'));
  const host = `unix://${folder}/docker.sock`;
  let pid: number | null = null;
  let output = '';
  let containerd: ChildProcess | null = null;
  // Without a bridge of its own an engine takes docker0 away, which is the other one's.
  const bridge = `slw${randomBytes(4).toString('hex')}`;
  const address = ['address', 'add', '10.214.255.1/24', 'dev', bridge];
  for (const args of [['link', 'add', bridge, 'type', 'bridge'], address, ['link', 'set', bridge, 'up']])
    if ((await ended(spawn('ip', args, { stdio: 'ignore' }))) !== 0) throw new Error(`ip ${args.join(' ')} failed`);

  const answers = async (): Promise<boolean> =>
    (await ended(spawn('docker', ['--host', host, 'version'], { stdio: 'ignore' }))) === 0;
  const isAlive = (): boolean => {
    try {
      return pid !== null && process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  const engine: OwnEngine = {
    host,
    async start() {
      await rm(join(folder, 'docker.pid'), { force: true });
      // Its containerd is a process apart: it goes on when the engine is killed, as on a machine with an init system.
      if (containerd === null) containerd = await startContainerd(folder);
      // Networks from a range of its own, beside those of the other engine.
      const child = spawn(
        'dockerd',
        [
          ...['--host', host, '--data-root', join(folder, 'data'), '--exec-root', join(folder, 'run')],
          ...['--containerd', join(folder, 'containerd.sock')],
          ...['--pidfile', join(folder, 'docker.pid'), '--bridge', bridge, '--log-level', 'warn'],
          ...['--default-address-pool', 'base=10.213.0.0/16,size=24', '--shutdown-timeout', '3'],
        ],
        { stdio: ['ignore', 'ignore', 'pipe'] },
      );
      child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
      pid = child.pid ?? null;
      await until(
        'the engine of these faults answers',
        async () => {
          if (!isAlive()) throw new Error(`dockerd ended:\n${output}`);
          return answers();
        },
        60_000,
      );
    },
    async stop(how) {
      if (pid === null) return;
      kill(pid, how);
      await until('the engine of these faults is gone', () => !isAlive(), 30_000);
      pid = null;
    },
    async cleanUp() {
      if (!(await answers().catch(() => false))) await engine.start();
      await ended(spawn('docker', ['--host', host, 'system', 'prune', '--force', '--volumes'], { stdio: 'ignore' }));
      await engine.stop('SIGTERM');
      if (containerd !== null && containerd.kill('SIGTERM')) await ended(containerd);
      await ended(spawn('ip', ['link', 'delete', bridge], { stdio: 'ignore' }));
      // Of a crash, its own mount may be left.
      await ended(spawn('umount', ['--lazy', join(folder, 'data')], { stdio: 'ignore' }));
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };

  await mkdir(folder, { recursive: true });
  await engine.start();
  try {
    await copyImages(images, host);
  } catch (error) {
    await engine.cleanUp();
    throw error;
  }
  return engine;
}

async function startContainerd(folder: string): Promise<ChildProcess> {
  const socket = join(folder, 'containerd.sock');
  const config = join(folder, 'containerd.toml');
  const lines = [
    'version = 2',
    `root = "${folder}/containerd"`,
    `state = "${folder}/containerd-state"`,
    'disabled_plugins = ["io.containerd.grpc.v1.cri"]',
    `[grpc]`,
    `address = "${socket}"`,
  ];
  await writeFile(config, `${lines.join('\n')}\n`);
  const child = spawn('containerd', ['--config', config, '--log-level', 'error'], { stdio: 'ignore' });
  await until('containerd listens', () =>
    access(socket).then(
      () => true,
      () => false,
    ),
  );
  return child;
}

async function copyImages(images: readonly string[], host: string): Promise<void> {
  const save = spawn('docker', ['save', ...images], { stdio: ['ignore', 'pipe', 'inherit'] });
  const load = spawn('docker', ['--host', host, 'load', '--quiet'], { stdio: ['pipe', 'ignore', 'inherit'] });
  const [saved, loaded] = await Promise.all([ended(save), ended(load), pipeline(save.stdout, load.stdin)]);
  if (saved !== 0 || loaded !== 0) throw new Error(`images could not be copied: ${images.join(', ')}`);
}

async function ended(child: ReturnType<typeof spawn>): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code));
  });
}
