import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { ImageConfig, SlipwayConfig } from '../config/schema';
import { composeEnvironment } from '../deploy/drivers/compose-files';
import { milliseconds, showDuration } from '../deploy/duration';
import { EnvFileError } from '../deploy/env-file';
import { readEnvironmentFiles } from '../deploy/environment-files';
import { sanitise, secretsOf } from '../deploy/sanitise';
import type { Blank } from '../evidence/subject';
import { buildImages } from '../image/build-images';
import { docker } from '../image/engine';
import type { RunResult } from '../io/exec';
import type { World } from '../io/world';
import { resolveVariables } from '../verify/variables';
import { freePorts } from './free-ports';
import { ProducerError } from './producer-error';
import { sourceCommit } from './source-commit';

export type TestStackConfig = NonNullable<SlipwayConfig['testStack']>;

export interface TestStackOptions {
  readonly config: TestStackConfig;
  /** Images by service. */
  readonly images: Readonly<Record<string, ImageConfig>>;
  readonly blank: Blank;
  /** Sets this use apart from others: the producer and its project. */
  readonly purpose: string;
}

/** A stack that serves. */
export interface TestStack {
  /** By these the Compose file was filled in: files of variables, ports and images. */
  readonly variables: ReadonlyMap<string, string>;
}

/** Milliseconds beyond the health time-out for creating networks, volumes and containers. */
const SET_UP_TIME = 30_000;
/** What it holds is thrown away, so nobody has to end gracefully. */
const DOWN = ['down', '--volumes', '--remove-orphans', '--timeout', '1'];
const LOG_LINES = 15;
/** Milliseconds. */
const PREPARE_TIME = 300_000;

/**
 * Builds the images of what is there, starts the stack under a name and ports of its own, lets `use` work with it, and removes it with
 * its volumes, however that ends. What an earlier run left that was killed is removed first.
 *
 * @throws {ProducerError} where it does not come up; the last lines of its services are shown before.
 */
export async function withTestStack<T>(
  world: World,
  options: TestStackOptions,
  use: (stack: TestStack) => Promise<T>,
): Promise<T> {
  const { config, images, blank } = options;
  const started = world.clock.now().getTime();
  const files = await readFiles(world, config);
  const commit = await sourceCommit(world, images);
  const built = await buildImages(world, { commit, images, blank });
  const ports = await freePorts(config.ports.length);
  const own = Object.fromEntries(config.ports.map((name, index) => [name, String(ports[index])]));
  const services = Object.fromEntries(Object.entries(built).map(([service, { image }]) => [service, image]));
  const env = { ...composeEnvironment(world.env, { version: 'test', commit, services }, images), ...own };
  const project = projectName(world.root, options);
  const compose = (args: readonly string[], run = world.run, timeout?: number): Promise<RunResult> =>
    docker(run, [...composeCommand(world.root, config, project, files.paths), ...args], {
      env,
      ...(timeout === undefined ? {} : { timeout }),
    });

  await compose(DOWN);
  try {
    world.stop.check();
    world.log.info(`Starting the test stack ${project}`);
    await start(world, config, compose, secretsOf(files.variables));
    world.log.info(`The test stack serves (${showDuration(world.clock.now().getTime() - started)})`);
    const variables = new Map([...files.variables, ...Object.entries(own)]);
    for (const [service, image] of Object.entries(images)) variables.set(image.variable, services[service] ?? '');
    if (config.prepare) await prepare(world, config.prepare, variables);
    return await use({ variables });
  } finally {
    // Also while the step is being stopped: then with what is not ended by it.
    const removed = await compose(DOWN, (world.finishing ?? world).run);
    if (removed.exitCode !== 0)
      world.log.warn(`The test stack could not be removed: docker compose -p ${project} down --volumes`);
  }
}

type Compose = (args: readonly string[], run?: World['run'], timeout?: number) => Promise<RunResult>;

async function start(
  world: World,
  config: TestStackConfig,
  compose: Compose,
  secrets: readonly string[],
): Promise<void> {
  const patience = milliseconds(config.healthTimeout);
  const wait = ['--wait', '--wait-timeout', String(Math.ceil(patience / 1_000))];
  const result = await compose(['up', '--detach', ...wait, '--no-build'], world.run, patience + SET_UP_TIME);
  if (result.exitCode === 0) return;
  world.stop.check();
  const logs = await compose(['logs', '--no-color', '--tail', String(LOG_LINES)]);
  for (const line of sanitise(logs.stdout, secrets).trim().split('\n')) world.log.warn(`    ${line}`);
  const said = sanitise(result.stderr, secrets).trim().split('\n').at(-1) ?? '';
  throw new ProducerError(
    `the test stack of ${config.compose} does not come up: ${said}`,
    'read the last lines of its services above; Docker Compose v2 is needed',
  );
}

async function prepare(
  world: World,
  command: readonly string[],
  variables: ReadonlyMap<string, string>,
): Promise<void> {
  const [program = '', ...args] = command.map((part) => resolveVariables(part, variables));
  const { exitCode, stderr } = await world.run([program, ...args], {
    env: Object.fromEntries(variables),
    timeout: PREPARE_TIME,
  });
  if (exitCode === 0) return;
  const said = stderr.trim().split('\n').at(-1) ?? '';
  throw new ProducerError(
    `the test stack could not be prepared (exit ${exitCode}): ${said}`,
    `mend: ${command.join(' ')}`,
  );
}

async function readFiles(world: World, config: TestStackConfig): ReturnType<typeof readEnvironmentFiles> {
  try {
    const files = await readEnvironmentFiles(world.root, config.envFiles);
    const [missing] = files.missing;
    if (missing !== undefined)
      throw new ProducerError(
        `${missing}, which the test stack needs, does not exist on this machine`,
        `create ${missing}, or give it "required": false in testStack.envFiles`,
      );
    return files;
  } catch (error) {
    if (error instanceof EnvFileError) throw new ProducerError(error.message, 'correct that line');
    throw error;
  }
}

/** Another clone on the same engine has another one, so neither takes the other's stack for its own leftovers. */
function projectName(root: string, { config, purpose }: TestStackOptions): string {
  const clone = createHash('sha256').update(root).digest('hex').slice(0, 8);
  return `${config.project}-${purpose.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-${clone}`;
}

/** Without files of variables Compose would read a stray `.env`, so it gets an empty one. */
function composeCommand(
  root: string,
  config: TestStackConfig,
  project: string,
  envFiles: readonly string[],
): readonly string[] {
  const variables = envFiles.length === 0 ? ['/dev/null'] : envFiles;
  return [
    ...['compose', '--ansi', 'never', '--progress', 'plain', '-p', project],
    ...['-f', join(root, config.compose), '--project-directory', join(root, dirname(config.compose))],
    ...variables.flatMap((file) => ['--env-file', file]),
  ];
}
