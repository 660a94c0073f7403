import { randomBytes } from 'node:crypto';
import { docker, EngineError } from '../../image/engine';
import { errorMessage } from '../../io/error-message';
import { RunError, type RunOptions, type RunResult } from '../../io/exec';
import type { World } from '../../io/world';
import { sanitise } from '../sanitise';
import { readContainers } from './compose-containers';
import type { ComposeHost } from './compose-host';
import type { AppliedDescription } from './compose-up';
import type { ServiceCommand } from './driver';
import { ONCE_LABEL, onceLabel, removeAbandoned } from './once-containers';

/** How a service's command takes its input and gives its output. */
function streams({ input, onData, timeout }: ServiceCommand): RunOptions {
  return {
    timeout,
    ...(input === undefined ? {} : { input }),
    ...(onData === undefined ? {} : { onData }),
  };
}

/** Named only: their values come by the environment, so that no process list shows them. */
function names(env: ServiceCommand['env']): readonly string[] {
  return Object.keys(env ?? {}).flatMap((name) => ['--env', name]);
}

/** Runs a program in a new container of a service, which is gone afterwards, also where the program was cut off. */
export async function runInNewContainer(
  host: ComposeHost,
  description: AppliedDescription,
  command: ServiceCommand,
): Promise<RunResult> {
  const { world, config } = host;
  await removeAbandoned(world, config.project, false);
  const name = `${config.project}-once-${randomBytes(4).toString('hex')}`;
  const [program, ...args] = command.argv;
  const argv = [
    ...[...description.argv, 'run', '--rm', '--name', name, '--label', `${ONCE_LABEL}=${onceLabel()}`],
    ...(command.startDependencies === true ? [] : ['--no-deps']),
    ...['--no-TTY', `--interactive=${command.input !== undefined}`, '--entrypoint', program],
    ...[...names(command.env), command.service, ...args],
  ];
  try {
    return await docker(world.run, argv, { ...streams(command), env: { ...description.env, ...command.env } });
  } catch (error) {
    // The client is gone; what it started is not.
    if (error instanceof RunError) await removeQuickly(world, name);
    throw error;
  }
}

/** Milliseconds: within the time that a step has left once it is being stopped. */
const LAST_MOMENT = 1_500;

async function removeQuickly(world: World, name: string): Promise<void> {
  const { run } = world.finishing ?? world;
  try {
    await docker(run, ['rm', '--force', '--volumes', name], { timeout: LAST_MOMENT });
  } catch (error) {
    // The next one that runs a program here finds it.
    world.log.warn(`${name} may still run: ${errorMessage(error)}`);
  }
}

/** Runs a program in a service's running container. @throws {EngineError} where none runs. */
export async function executeInContainer(host: ComposeHost, command: ServiceCommand): Promise<RunResult> {
  const { world, config, environment } = host;
  const running = (await readContainers(world.run, config.project)).find(
    (item) => item.service === command.service && item.running,
  );
  if (running === undefined)
    throw new EngineError(`${command.service} does not run in ${environment}`, `deploy to ${environment} first`);
  const interactive = command.input === undefined ? [] : ['--interactive'];
  const argv = ['exec', ...interactive, ...names(command.env), running.instance, ...command.argv];
  return docker(world.run, argv, { ...streams(command), ...(command.env === undefined ? {} : { env: command.env }) });
}

/** Lines that a service's containers wrote since then, oldest first, without secrets. @throws {EngineError} */
export async function readLogs(
  { world, config }: ComposeHost,
  service: string,
  since: Date,
  secrets: readonly string[],
): Promise<readonly string[]> {
  const instances = (await readContainers(world.run, config.project)).filter((item) => item.service === service);
  const texts = await Promise.all(
    instances.map(async ({ instance }) => {
      const result = await docker(world.run, ['logs', '--timestamps', '--since', since.toISOString(), instance]);
      if (result.exitCode !== 0 && !/no such container/i.test(result.stderr)) {
        throw new EngineError(
          `the log of ${service} can't be read: ${result.stderr.trim().split('\n').at(-1) ?? ''}`,
          `docker logs ${instance.slice(0, 12)}`,
        );
      }
      return `${result.stdout}\n${result.stderr}`.split('\n');
    }),
  );
  // The engine's time stamps put the lines of both streams and of all containers in order, and are taken off again.
  return texts
    .flat()
    .filter((line) => STAMP.test(line))
    .sort((a, b) => (a.slice(0, 30) < b.slice(0, 30) ? -1 : a.slice(0, 30) > b.slice(0, 30) ? 1 : 0))
    .map((line) => sanitise(line.replace(STAMP, ''), secrets))
    .filter((line) => line !== '');
}

/** `2026-11-23T02:30:56.123456789Z `, as long for every line. */
const STAMP = /^\d{4}-\d\d-\d\dT[\d:.]+Z /;
