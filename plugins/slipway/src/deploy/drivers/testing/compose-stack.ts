import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { slipwaySchema, type EnvironmentConfig, type RegistryConfig, type SlipwayConfig } from '../../../config/schema';
import { createWorld, type StoppableWorld } from '../../../io/create-world';
import type { DeployedRelease } from '../../../ledger/events';
import { quietProcess } from '../../../testing/compose-fixture';
import { createComposeDriver } from '../compose';
import type { Driver } from '../driver';

const execute = promisify(execFile);

/** `sick` never turns healthy. */
export type Behaviour = 'healthy' | 'sick';

/** Answers after a moment, so that there are always requests under way, and ends them all before it ends. */
const APP = `use IO::Socket::INET; use POSIX ':sys_wait_h';
my $stop = 0; $SIG{TERM} = sub { $stop = 1 };
$SIG{CHLD} = 'IGNORE'; $| = 1;
print "app $ENV{VERSION} is $ENV{BEHAVIOUR}\\n";
my $server = IO::Socket::INET->new(LocalPort => 80, Listen => 64, ReuseAddr => 1) or die;
open(my $ok, '>', '/tmp/healthy') if $ENV{BEHAVIOUR} eq 'healthy';
sub serve {
  my $client = shift;
  my $pid = fork();
  if ($pid == 0) {
    while (my $line = <$client>) { last if $line =~ /^\\s*$/ }
    select(undef, undef, undef, 0.05);
    my $body = "$ENV{VERSION} $ENV{SETTING}";
    print $client "HTTP/1.1 200 OK\\r\\nContent-Length: " . length($body) . "\\r\\nConnection: close\\r\\n\\r\\n$body";
    exit 0;
  }
  close $client;
}
until ($stop) { my $client = $server->accept() or next; serve($client) }
$server->blocking(0);
while (my $client = $server->accept()) { $client->blocking(1); serve($client) }
close $server;
1 while wait() != -1;
`;

/** Like nginx: it remembers addresses for a second, and asks the next one where a connection or its answer does not come about. */
const PROXY = `use IO::Socket::INET; use Socket;
$SIG{CHLD} = 'IGNORE'; $SIG{TERM} = sub { exit 0 };
my $server = IO::Socket::INET->new(LocalPort => 80, Listen => 64, ReuseAddr => 1) or die;
my ($known, @addresses) = (0);
while (1) {
  my $client = $server->accept() or next;
  if (time - $known >= 1) { my @found = gethostbyname('app'); @addresses = map { inet_ntoa($_) } @found[4..$#found]; $known = time }
  push @addresses, shift @addresses;
  my $pid = fork();
  if ($pid != 0) { close $client; next }
  my $request = '';
  while (my $line = <$client>) { $request .= $line; last if $line =~ /^\\s*$/ }
  $request =~ s/Connection: .*\\r\\n//i;
  for my $address (@addresses) {
    my $app = IO::Socket::INET->new(PeerAddr => $address, PeerPort => 80, Timeout => 1) or next;
    print $app $request;
    my $answer = do { local $/; <$app> };
    if ($answer) { print $client $answer; exit 0 }
  }
  print $client "HTTP/1.1 502 Bad Gateway\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n";
  exit 0;
}
`;

const HEALTH = `    stop_grace_period: 3s
    healthcheck: { test: ['CMD', 'test', '-e', '/tmp/healthy'], interval: 300ms, timeout: 2s, retries: 40 }
`;

/** A proxy with a port of the host in front of a service without, a one-shot, and what `extra` adds. */
export const composeFile = (extra = ''): string => `services:
  app:
    image: \${APP_IMAGE:?}
    environment: { VERSION: "\${SLIPWAY_VERSION}", SETTING: "\${SETTING:?}" }
    depends_on: { prepare: { condition: service_completed_successfully } }
${HEALTH}  proxy:
    image: \${PROXY_IMAGE:?}
    ports: ['127.0.0.1:\${PORT:?}:80']
${HEALTH}  prepare:
    image: \${PROXY_IMAGE:?}
    entrypoint: ['true']
${extra}`;

export interface ComposeStack {
  readonly root: string;
  readonly project: string;
  readonly world: StoppableWorld;
  readonly driver: Driver;
  readonly lines: string[];
  readonly url: string;
  /** A driver of the same environment with other settings. */
  driverWith(change: Partial<EnvironmentConfig>, registry?: RegistryConfig): Driver;
  readonly images: SlipwayConfig['images'];
  commit(files: Readonly<Record<string, string>>): Promise<string>;
  /** An image of the app; equal behaviour at another version is another image. */
  release(version: string, behaviour?: Behaviour, extra?: string): Promise<DeployedRelease>;
  setEnvironment(text: string): Promise<void>;
  docker(...args: string[]): Promise<string>;
  /** Ids of the containers of a service, whatever their state. */
  containers(service: string): Promise<readonly string[]>;
  cleanUp(): Promise<void>;
}

/** @param path folders of programs, before those of PATH. */
export async function createComposeStack(path: readonly string[] = []): Promise<ComposeStack> {
  const project = `slipway-roll-${randomBytes(4).toString('hex')}`;
  const root = await realpath(await mkdtemp(join(tmpdir(), `${project}-`)));
  const port = await freePort();
  const image = (name: string) => ({
    dockerfile: 'Dockerfile',
    context: ['.'],
    repository: `${project}/${name}`,
    variable: `${name.toUpperCase()}_IMAGE`,
  });
  const config = slipwaySchema.parse({
    images: { app: image('app'), proxy: image('proxy') },
    environments: {
      prod: {
        compose: 'deploy/compose.yml',
        project,
        strategy: 'rolling',
        drain: '1500ms',
        envFiles: [{ path: 'prod.env' }],
        healthTimeout: '6s',
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
      PATH: [...path, process.env['PATH'] ?? ''].join(delimiter),
      GIT_AUTHOR_NAME: 'Test',
      GIT_AUTHOR_EMAIL: 'test@example.com',
      GIT_COMMITTER_NAME: 'Test',
      GIT_COMMITTER_EMAIL: 'test@example.com',
    },
  });
  const write = async (path: string, content: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  };
  const docker = async (...args: string[]) =>
    (await execute('docker', args, { cwd: root, maxBuffer: 2 ** 26 })).stdout.trim();
  const build = async (name: string, program: string, env: string): Promise<string> => {
    await write(`build/${name}/main.pl`, program);
    // Labelled, so that no other stack has the same image: each removes its own by force.
    const dockerfile = `FROM debian:bookworm-slim\nLABEL stack=${project}\nCOPY main.pl /main.pl\n${env}CMD ["perl", "/main.pl"]\n`;
    await write(`build/${name}/Dockerfile`, dockerfile);
    return docker('build', '--quiet', '--tag', `${project}/${name}`, `build/${name}`);
  };
  await world.git.text(['init', '-q']);
  await write('prod.env', `PORT=${port}\nSETTING=first\n`);
  const proxy = await build('proxy', `open(my $ok, '>', '/tmp/healthy');\n${PROXY}`, '');
  const driverWith: ComposeStack['driverWith'] = (change, registry) =>
    createComposeDriver({
      world,
      environment: 'prod',
      config: { ...environment, ...change },
      images: config.images,
      registry,
    });
  const commit = async (files: Readonly<Record<string, string>>) => {
    for (const [path, content] of Object.entries(files)) await write(path, content);
    await world.git.text(['add', ...Object.keys(files)]);
    await world.git.text(['commit', '-q', '--allow-empty', '-m', 'test']);
    return world.git.text(['rev-parse', 'HEAD']);
  };
  return {
    root,
    project,
    world,
    driver: driverWith({}),
    lines,
    url: `http://127.0.0.1:${port}/`,
    driverWith,
    images: config.images,
    commit,
    release: async (version, behaviour = 'healthy', extra = '') => ({
      version,
      commit: await commit({ 'deploy/compose.yml': composeFile(extra) }),
      services: { app: await build('app', APP, `ENV BEHAVIOUR=${behaviour} BUILT=${version}\n`), proxy },
    }),
    setEnvironment: (text) => write('prod.env', `PORT=${port}\n${text}\n`),
    docker,
    containers: async (service) => {
      const labels = [`project=${project}`, `service=${service}`, 'oneoff=False'];
      const filters = labels.flatMap((label) => ['--filter', `label=com.docker.compose.${label}`]);
      return (await docker('ps', '--all', '--quiet', '--no-trunc', ...filters)).split('\n').filter(Boolean);
    },
    cleanUp: async () => {
      const own = ['--quiet', '--filter', `label=com.docker.compose.project=${project}`];
      const containers = (await docker('ps', '--all', ...own)).split('\n').filter(Boolean);
      if (containers.length > 0) await docker('rm', '--force', '--volumes', ...containers);
      for (const kind of ['network', 'volume']) {
        const found = (await docker(kind, 'ls', ...own)).split('\n').filter(Boolean);
        if (found.length > 0) await docker(kind, 'rm', ...found);
      }
      const names = [`${project}/*`, `*/${project}/*`].flatMap((name) => ['--filter', `reference=${name}`]);
      const images = await docker('images', '--all', '--quiet', ...names);
      const ids = new Set(images.split('\n').filter(Boolean));
      if (ids.size > 0) await docker('rmi', '--force', ...ids);
      dispose();
      await rm(root, { recursive: true, force: true });
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
