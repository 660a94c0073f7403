import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { slipwaySchema, type EnvironmentConfig, type SlipwayConfig } from '../config/schema';
import { createComposeDriver } from '../deploy/drivers/compose';
import type { Driver } from '../deploy/drivers/driver';
import { buildImages, type ServiceImage } from '../image/build-images';
import { createWorld, type StoppableWorld } from '../io/create-world';
import type { StoppableProcess } from '../io/stop';
import type { DeployedRelease } from '../ledger/events';
import type { Ledger } from '../ledger/ledger';
import { openLedger } from '../ledger/open-ledger';

/**
 * How the service behaves, baked into its image: `healthy`; `sick` (the engine never finds it healthy); `slow` (healthy after some
 * seconds); `liar` (healthy to the engine, but its health address answers 503).
 */
export type Behaviour = 'healthy' | 'sick' | 'slow' | 'liar';

export const commands = { deploy: 'run deploy', verify: 'run verify', rollback: 'run rollback', status: 'run status' };
export const ENVIRONMENT = 'staging';

/** What a child process needs to act on the same fixture. */
export interface FixtureData {
  readonly root: string;
  readonly config: SlipwayConfig;
}

export interface ComposeFixture extends FixtureData {
  readonly world: StoppableWorld;
  readonly ledger: Ledger;
  readonly environment: EnvironmentConfig;
  readonly driver: Driver;
  readonly lines: string[];
  readonly url: string;
  /** Commits the service at a version and returns the commit. */
  commit(version: string, behaviour: Behaviour, extra?: Readonly<Record<string, string>>): Promise<string>;
  build(commit: string, version?: string): Promise<Readonly<Record<string, ServiceImage>>>;
  /** Commits and builds. */
  release(version: string, behaviour: Behaviour): Promise<DeployedRelease>;
  docker(...args: string[]): Promise<string>;
  /** Image ids of the running containers of the service. */
  running(service?: string): Promise<readonly string[]>;
  cleanUp(): Promise<void>;
}

const SERVER = `use IO::Socket::INET;
$SIG{TERM} = $SIG{INT} = sub { exit 0 };
$| = 1;
open(my $file, '<', '/srv/behaviour') or die;
chomp(my $behaviour = <$file>);
print "this service is $behaviour\\n";
my $server = IO::Socket::INET->new(LocalPort => 80, Listen => 5, ReuseAddr => 1) or die "can't listen: $!";
sub touch { open(my $ok, '>', '/tmp/healthy') or die; }
if ($behaviour eq 'slow') { if (fork() == 0) { sleep 4; touch(); exit 0 } }
elsif ($behaviour ne 'sick') { touch(); }
while (my $client = $server->accept()) {
  while (my $line = <$client>) { last if $line =~ /^\\s*$/ }
  my $status = $behaviour eq 'liar' ? '503 Service Unavailable' : '200 OK';
  my $body = qq({"status":"ok","version":"$ENV{APP_VERSION}","commit":"$ENV{APP_COMMIT}"});
  print $client "HTTP/1.1 $status\\r\\nContent-Type: application/json\\r\\nContent-Length: " . length($body) . "\\r\\nConnection: close\\r\\n\\r\\n$body";
  close $client;
}
`;

/** Labelled, so that no other fixture has the same image: each removes its own by force. */
const dockerfile = (fixture: string): string => `FROM debian:bookworm-slim
LABEL fixture=${fixture}
COPY app /srv
CMD ["perl", "/srv/server.pl"]
`;

const COMPOSE = `services:
  web:
    image: \${WEB_IMAGE:?}
    environment:
      APP_VERSION: \${SLIPWAY_VERSION}
      APP_COMMIT: \${SLIPWAY_COMMIT}
    ports: ['127.0.0.1:\${PORT:?}:80']
    stop_grace_period: 1s
    healthcheck:
      test: ['CMD', 'test', '-e', '/tmp/healthy']
      interval: 1s
      timeout: 2s
      retries: 20
`;

/** A workspace of its own with one service, its own Compose project and its own image repository. Needs a Docker Engine with Compose v2. */
export async function createComposeFixture(): Promise<ComposeFixture> {
  const name = `slipway-int-${randomBytes(4).toString('hex')}`;
  const root = await realpath(await mkdtemp(join(tmpdir(), `${name}-`)));
  const port = await freePort();
  const config = slipwaySchema.parse({
    images: {
      web: {
        dockerfile: 'app/Dockerfile',
        context: ['app'],
        repository: `${name}/web`,
        variable: 'WEB_IMAGE',
        base: ['debian:bookworm-slim'],
      },
    },
    environments: {
      [ENVIRONMENT]: {
        compose: 'deploy/compose.yml',
        project: name,
        envFiles: [{ path: 'deploy/staging.env' }],
        healthTimeout: '8s',
        verify: {
          probes: [
            { name: 'health', http: 'http://127.0.0.1:${PORT}/health/', expect: { version: true, commit: true } },
          ],
          attempts: 3,
          interval: '200ms',
        },
      },
    },
  });
  const files = async (contents: Readonly<Record<string, string>>) => {
    for (const [path, content] of Object.entries(contents)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
  };
  const lines: string[] = [];
  const hands = await openHands({ root, config }, lines, quietProcess());
  const { world, driver } = hands;
  const docker = async (...args: string[]): Promise<string> => {
    const result = await world.run(['docker', ...(args as [string, ...string[]])]);
    if (result.exitCode !== 0) throw new Error(`docker ${args.join(' ')}: ${result.stderr}`);
    return result.stdout.trim();
  };
  await files({
    '.gitignore': '.slipway/\n*.env\n',
    'app/Dockerfile': dockerfile(name),
    'app/server.pl': SERVER,
    'deploy/compose.yml': COMPOSE,
  });
  await files({ 'deploy/staging.env': `PORT=${port}\nAPI_TOKEN='do-not-tell'\n` });

  const fixture: ComposeFixture = {
    ...hands,
    root,
    config,
    lines,
    url: `http://127.0.0.1:${port}/health/`,
    environment: config.environments[ENVIRONMENT] as EnvironmentConfig,
    docker,
    commit: async (version, behaviour, extra = {}) => {
      const manifest = `${JSON.stringify({ name: 'web', version }, null, 2)}\n`;
      await files({ 'app/package.json': manifest, 'app/behaviour': `${behaviour}\n`, ...extra });
      await world.git.text(['add', '-A']);
      await world.git.text(['commit', '-q', '--allow-empty', '-m', `release ${version}`]);
      return world.git.text(['rev-parse', 'HEAD']);
    },
    build: (commit, version) =>
      buildImages(world, {
        commit,
        images: config.images,
        blank: (path, content) =>
          path.endsWith('package.json') ? content.replace(/"version": "[^"]*"/, '"version": "0.0.0"') : null,
        ...(version === undefined ? {} : { version }),
      }),
    release: async (version, behaviour) => {
      const commit = await fixture.commit(version, behaviour);
      const built = await fixture.build(commit, version);
      const services = Object.fromEntries(Object.entries(built).map(([service, { image }]) => [service, image]));
      return { version, commit, services };
    },
    running: async (service = 'web') =>
      (await driver.current()).filter((item) => item.service === service && item.running).map((item) => item.image),
    cleanUp: async () => {
      const own = `label=com.docker.compose.project=${name}`;
      const containers = (await docker('ps', '-aq', '--filter', own)).split('\n').filter(Boolean);
      if (containers.length > 0) await docker('rm', '-f', '-v', ...containers);
      const networks = (await docker('network', 'ls', '-q', '--filter', own)).split('\n').filter(Boolean);
      if (networks.length > 0) await docker('network', 'rm', ...networks);
      const images = (await docker('images', '-q', `${name}/web`)).split('\n').filter(Boolean);
      if (images.length > 0) await docker('rmi', '-f', ...new Set(images));
      hands.dispose();
      await rm(root, { recursive: true, force: true });
    },
  };
  return fixture;
}

export interface Hands {
  readonly world: StoppableWorld;
  readonly ledger: Ledger;
  readonly driver: Driver;
  readonly dispose: () => void;
}

/** World, ledger and driver of their own, as another process or person would have them. */
export async function openHands(
  { root, config }: FixtureData,
  lines: string[],
  stoppable: StoppableProcess = process,
): Promise<Hands> {
  const log = { info: (line: string) => void lines.push(line), warn: (line: string) => void lines.push(line) };
  const { world, dispose } = createWorld({
    root,
    log,
    stop: { process: stoppable },
    env: {
      GIT_AUTHOR_NAME: 'Test',
      GIT_AUTHOR_EMAIL: 'test@example.com',
      GIT_COMMITTER_NAME: 'Test',
      GIT_COMMITTER_EMAIL: 'test@example.com',
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'commit.gpgsign',
      GIT_CONFIG_VALUE_0: 'false',
      GIT_CONFIG_KEY_1: 'init.defaultBranch',
      GIT_CONFIG_VALUE_1: 'main',
      // Would win over the environment's file if it reached Compose.
      PORT: '1',
    },
  });
  await world.git.text(['init', '-q']);
  const ledger = await openLedger(world, { remote: 'origin' });
  const environment = config.environments[ENVIRONMENT] as EnvironmentConfig;
  const driver = createComposeDriver({ world, environment: ENVIRONMENT, config: environment, images: config.images });
  return { world, ledger, driver, dispose };
}

/** Signals of the test runner's own process are not the step's. */
export function quietProcess(): StoppableProcess {
  return Object.assign(new EventEmitter(), {
    connected: true,
    exit: (code?: number) => process.exit(code),
  }) as unknown as StoppableProcess;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
