import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { slipwaySchema, type EnvironmentConfig } from '../../../config/schema';
import { pushImages } from '../../../image/push-images';
import { createWorld } from '../../../io/create-world';
import type { DeployedRelease } from '../../../ledger/events';
import { quietProcess } from '../../../testing/compose-fixture';
import { createDriver } from '../create-driver';
import type { Driver } from '../driver';

const execute = promisify(execFile);
const CLUSTER = resolve(__dirname, '../../../../../../tools/cluster/cluster.mjs');

export interface SwarmCluster {
  readonly driver: Driver;
  readonly lines: string[];
  readonly project: string;
  driverWith(change: Partial<EnvironmentConfig>): Driver;
  /** `extra` are further services. */
  release(version: string, options?: { readonly extra?: string }): Promise<DeployedRelease>;
  /** On the first node. */
  docker(...args: string[]): Promise<string>;
  /** Puts the image of a release into the cluster's registry, and takes its name off every node. */
  push(release: DeployedRelease): Promise<DeployedRelease>;
  kill(node: string): Promise<void>;
  cleanUp(): Promise<void>;
}

/** What `cluster.mjs start` prints. */
interface ClusterAddresses {
  readonly nodes: readonly { readonly host: string }[];
  readonly registry: string;
}

const app = (extra: string): string => `services:
  app:
    image: \${APP_IMAGE:?}
    environment: { VERSION: "\${SLIPWAY_VERSION}", SECRET_KEY: "\${SECRET_KEY:?}" }
    networks: [web]
    stop_grace_period: 0s
    healthcheck: { test: ['CMD', 'test', '-e', '/healthy'], interval: 500ms, timeout: 2s, retries: 2 }
    deploy:
      replicas: 3
      endpoint_mode: dnsrr
      restart_policy: { delay: 500ms }
      update_config: { parallelism: 3, monitor: 1s, order: start-first, failure_action: rollback }
      rollback_config: { parallelism: 3, monitor: 500ms, order: start-first }
${extra}
networks:
  web: {}
`;

/** Three engines, and the images of three releases on each of them. */
export async function createSwarmCluster(
  versions: Readonly<Record<string, 'healthy' | 'sick'>>,
): Promise<SwarmCluster> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'slipway-swarm-')));
  const folder = join(root, 'cluster');
  const name = root.slice(-6).toLowerCase();
  const project = `slipway-swarm-${name}`;
  const write = async (path: string, content: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  };
  const images = new Map<string, string>();
  for (const [version, behaviour] of Object.entries(versions)) {
    const touch = behaviour === 'healthy' ? 'COPY main.sh /healthy\n' : '';
    await write(
      `build/Dockerfile`,
      `FROM debian:bookworm-slim\n${touch}COPY main.sh /main.sh\nENV BUILT=${version}\nCMD ["sh", "/main.sh"]\n`,
    );
    await write('build/main.sh', 'echo "app $VERSION runs"\nexec sleep 100000\n');
    const tag = `${project}/app:${version}`;
    await execute('docker', ['build', '--quiet', '--tag', tag, join(root, 'build')]);
    images.set(version, (await execute('docker', ['image', 'inspect', '--format', '{{.Id}}', tag])).stdout.trim());
  }
  const tags = Object.keys(versions).map((version) => `${project}/app:${version}`);
  const { stdout } = await execute('node', [CLUSTER, 'start', folder, ...tags]);
  const { nodes, registry } = JSON.parse(stdout) as ClusterAddresses;
  const [first] = nodes;
  if (first === undefined) throw new Error('a cluster without nodes');

  const config = slipwaySchema.parse({
    registry: { prefix: registry, attempts: 2 },
    images: { app: { dockerfile: 'Dockerfile', context: ['.'], repository: `${project}/app`, variable: 'APP_IMAGE' } },
    environments: {
      prod: {
        driver: 'swarm',
        compose: 'deploy/stack.yml',
        project,
        envFiles: [{ path: 'prod.env' }],
        healthTimeout: '30s',
      },
    },
  });
  const environment = config.environments['prod'] as EnvironmentConfig;
  const lines: string[] = [];
  const log = { info: (line: string) => void lines.push(line), warn: (line: string) => void lines.push(line) };
  const { world, dispose } = createWorld({
    root,
    log,
    stop: { process: quietProcess() },
    env: {
      DOCKER_HOST: first.host,
      GIT_AUTHOR_NAME: 'Test',
      GIT_AUTHOR_EMAIL: 'test@example.com',
      GIT_COMMITTER_NAME: 'Test',
      GIT_COMMITTER_EMAIL: 'test@example.com',
    },
  });
  await world.git.text(['init', '-q']);
  await write('prod.env', "SECRET_KEY='canary$$value'\n");
  const driverWith: SwarmCluster['driverWith'] = (change) =>
    createDriver({
      world,
      environment: 'prod',
      config: { ...environment, ...change },
      images: config.images,
      registry: config.registry,
    });
  return {
    driver: driverWith({}),
    driverWith,
    lines,
    project,
    release: async (version, { extra = '' } = {}) => {
      await write('deploy/stack.yml', app(extra));
      await world.git.text(['add', 'deploy']);
      await world.git.text(['commit', '-q', '--allow-empty', '-m', 'test']);
      const image = images.get(version);
      if (image === undefined) throw new Error(`no image of ${version}`);
      return { version, commit: await world.git.text(['rev-parse', 'HEAD']), services: { app: image } };
    },
    push: async (release) => {
      if (config.registry === undefined) throw new Error('no registry');
      const { version, services } = release;
      const pushing = { registry: config.registry, images: config.images, services, version };
      const { references } = await pushImages(world, pushing);
      const names = [
        `${project}/app:${version}`,
        `${registry}/${project}/app:${version}`,
        ...Object.values(references),
      ];
      for (const { host } of nodes)
        await execute('docker', ['--host', host, 'rmi', ...names]).catch((error: unknown) => {
          // Only the first node has all of these names.
          if (!/no such image/i.test(String(error))) throw error;
        });
      return { ...release, references };
    },
    docker: async (...args) => (await execute('docker', ['--host', first.host, ...args])).stdout.trim(),
    kill: async (node) => void (await execute('node', [CLUSTER, 'kill', folder, node])),
    cleanUp: async () => {
      await execute('node', [CLUSTER, 'stop', folder]);
      await execute('docker', ['rmi', '--force', ...tags]);
      dispose();
      await rm(root, { recursive: true, force: true });
    },
  };
}
