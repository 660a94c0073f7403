import { randomBytes } from 'node:crypto';
import { createReadStream, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { slipwaySchema, type EnvironmentConfig } from '../../../config/schema';
import { createWorld, type StoppableWorld } from '../../../io/create-world';
import type { DeployedRelease } from '../../../ledger/events';
import { quietProcess } from '../../../testing/compose-fixture';
import { createComposeDriver } from '../../drivers/compose';
import type { Driver } from '../../drivers/driver';
import { createDatabase } from '../create-database';
import type { Backups, Database, Migrations } from '../database';
import { writeDjangoProject, type TestApps } from './django-project';

export const ENVIRONMENT = 'staging';
/** Awkward on purpose, and to be found in no message. */
export const PASSWORD = `it's "odd" \\ pass`;
const workspace = join(__dirname, '../../../../../..');

/** The Helpdesk's database and Python, as hardened as in production. */
const COMPOSE = `x-hardened: &hardened
  pull_policy: never
  read_only: true
  cap_drop: [ALL]
  security_opt: ['no-new-privileges:true']
  tmpfs: ['/tmp']
services:
  db:
    <<: *hardened
    image: \${DB_IMAGE}
    environment: { POSTGRES_DB: '\${POSTGRES_DB:-shop}', POSTGRES_USER: shop, POSTGRES_PASSWORD: '\${POSTGRES_PASSWORD}' }
    volumes: ['data:/var/lib/postgresql/data']
    networks: [data]
    healthcheck: { test: ['CMD', 'sh', '/opt/helpdesk/healthy.sh'], interval: 500ms, timeout: 3s, start_period: 30s, retries: 5 }
  api:
    <<: *hardened
    image: \${API_IMAGE}
    environment: { POSTGRES_HOST: db, POSTGRES_DB: shop, POSTGRES_USER: shop, POSTGRES_PASSWORD: '\${POSTGRES_PASSWORD}' }
    networks: [data]
    depends_on: { db: { condition: service_healthy } }
networks: { data: { internal: true } }
volumes: { data: {} }
`;

/** How the Helpdesk's image gets its Python: these layers are the same, so they are built once for both. */
const PYTHON = readFileSync(join(workspace, 'packages/platform/backend/Dockerfile'), 'utf8').split(/^EXPOSE/m)[0];

export interface PostgresFixture {
  readonly root: string;
  readonly project: string;
  readonly world: StoppableWorld;
  readonly driver: Driver;
  readonly lines: string[];
  readonly database: Database;
  readonly migrations: Migrations;
  readonly backups: Backups;
  /** Builds an image that holds these migrations. */
  release(version: string, apps: TestApps): Promise<DeployedRelease>;
  docker(...args: string[]): Promise<string>;
  /** Asks the database as its superuser, inside its container. */
  sql(text: string, database?: string): Promise<string>;
  /** Id of the running database container. */
  container(): Promise<string>;
  cleanUp(): Promise<void>;
}

/** A stack of its own on the shared engine. Nothing runs yet. */
export async function createPostgresFixture(): Promise<PostgresFixture> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-database-')));
  const project = `slipway-database-${process.pid}-${randomBytes(3).toString('hex')}`;
  const image = (service: string) => ({
    dockerfile: 'Dockerfile',
    context: ['.'],
    repository: `${project}/${service}`,
    variable: `${service.toUpperCase()}_IMAGE`,
    base: ['debian:bookworm-slim'],
  });
  const config = slipwaySchema.parse({
    images: { db: image('db'), api: image('api') },
    environments: {
      [ENVIRONMENT]: {
        compose: 'compose.yml',
        project,
        envFiles: [{ path: 'staging.env' }],
        database: {
          migrations: { preset: 'django', service: 'api' },
          backup: { preset: 'postgres', service: 'db', user: 'postgres', keep: 2 },
          timeout: '60s',
        },
      },
    },
  });
  const environment = config.environments[ENVIRONMENT] as EnvironmentConfig;
  const lines: string[] = [];
  const log = { info: (line: string) => void lines.push(line), warn: (line: string) => void lines.push(line) };
  const { world, dispose } = createWorld({ root, log, stop: { process: quietProcess() } });
  const docker = async (...args: string[]): Promise<string> => {
    const result = await world.run(['docker', ...args]);
    if (result.exitCode !== 0) throw new Error(`docker ${args.join(' ')}: ${result.stderr}`);
    return result.stdout.trim();
  };

  writeFileSync(join(root, 'compose.yml'), COMPOSE);
  writeFileSync(join(root, 'staging.env'), `POSTGRES_PASSWORD=${JSON.stringify(PASSWORD)}\n`);
  await world.git.text(['init', '-q']);
  await world.git.text(['add', 'compose.yml']);
  const person = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
  await world.git.text([...person, 'commit', '-qm', 'compose file']);
  const commit = await world.git.text(['rev-parse', 'HEAD']);

  /** Builds from files of the workspace, and of a folder; layers that another test made are used again. */
  const build = async (tag: string, dockerfile: string, paths: readonly string[], folder: string): Promise<string> => {
    const tar = join(root, 'context.tar');
    const packed = await world.run(['tar', '-cf', tar, '-C', workspace, ...paths, '-C', folder, '.']);
    if (packed.exitCode !== 0) throw new Error(packed.stderr);
    const argv = ['docker', 'build', '-q', '-t', `${project}/${tag}`, '-f', dockerfile, '-'] as const;
    const built = await world.run(argv, { input: createReadStream(tar) });
    if (built.exitCode !== 0) throw new Error(built.stderr);
    return built.stdout.trim();
  };
  const nothing = join(root, 'nothing');
  mkdirSync(nothing);
  const db = await build('db', 'packages/platform/db/Dockerfile', ['packages/platform/db'], nothing);

  const driver = createComposeDriver({ world, environment: ENVIRONMENT, config: environment, images: config.images });
  const database = createDatabase({
    world,
    driver,
    environment: ENVIRONMENT,
    config: environment,
    retry: 'deploy again',
  });
  if (database?.migrations == null || database.backups === null) throw new Error('the fixture has no database');

  const fixture: PostgresFixture = {
    root,
    project,
    world,
    driver,
    lines,
    database,
    migrations: database.migrations,
    backups: database.backups,
    docker,
    release: async (version, apps) => {
      const folder = join(root, 'images', version);
      writeDjangoProject(join(folder, 'shop'), apps);
      writeFileSync(join(folder, 'Dockerfile'), `${PYTHON}\nWORKDIR /srv/shop\nCOPY shop/ .\nUSER 10001:10001\n`);
      const api = await build(`api-${version}`, 'Dockerfile', ['packages/backend/requirements.txt'], folder);
      const services = { db, api };
      return { version, commit, services };
    },
    sql: async (text, name = 'shop') =>
      docker('exec', await fixture.container(), 'psql', '-XAtq', '-U', 'postgres', '-d', name, '-c', text),
    container: () =>
      docker(
        'ps',
        '-q',
        '--filter',
        `label=com.docker.compose.project=${project}`,
        '--filter',
        'label=com.docker.compose.service=db',
      ),
    cleanUp: async () => {
      const own = `label=com.docker.compose.project=${project}`;
      const all = async (...args: string[]) =>
        (await docker(...args, '-q', '--filter', own)).split('\n').filter(Boolean);
      const containers = await all('ps', '-a');
      if (containers.length > 0) await docker('rm', '-f', '-v', ...containers);
      const volumes = await all('volume', 'ls');
      if (volumes.length > 0) await docker('volume', 'rm', ...volumes);
      const networks = await all('network', 'ls');
      if (networks.length > 0) await docker('network', 'rm', ...networks);
      // Their names alone: another test may use the same layers.
      const names = (await docker('images', '--format', '{{.Repository}}', `${project}/*`)).split('\n').filter(Boolean);
      if (names.length > 0) await docker('rmi', ...names);
      dispose();
      rmSync(root, { recursive: true, force: true });
    },
  };
  return fixture;
}
