import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { docker, dockerText, EngineError } from '../../image/engine';
import { errorMessage } from '../../io/error-message';
import { RunError, type Run, type RunResult } from '../../io/exec';
import type { World } from '../../io/world';
import type { ComposeHost } from './compose-host';
import type { ServiceCommand } from './driver';

/** Label of a service that runs one program for an environment. */
const JOB_LABEL = 'slipway.job';
/** Milliseconds between two looks. */
const LOOK = 300;
/** Milliseconds: within the time that a step has left once it is being stopped. */
const LAST_MOMENT = 1_500;

const text = z.union([z.string(), z.number(), z.boolean()]);
const described = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      environment: z.record(z.string(), text.nullable()).nullish(),
      networks: z.record(z.string(), z.unknown()).nullish(),
      user: z.string().nullish(),
      working_dir: z.string().nullish(),
      volumes: z
        .array(
          z.object({
            type: z.string(),
            source: z.string().nullish(),
            target: z.string(),
            read_only: z.boolean().nullish(),
          }),
        )
        .nullish(),
      tmpfs: z.union([z.string(), z.array(z.string())]).nullish(),
      deploy: z.object({ placement: z.object({ constraints: z.array(z.string()).nullish() }).nullish() }).nullish(),
    }),
  ),
  networks: z.record(z.string(), z.object({ name: z.string().nullish() }).nullish()).nullish(),
  volumes: z.record(z.string(), z.object({ name: z.string().nullish() }).nullish()).nullish(),
});
const task = z.array(
  z.object({
    Status: z.object({
      State: z.string(),
      Err: z.string().default(''),
      ContainerStatus: z.object({ ExitCode: z.number().default(0) }).nullish(),
    }),
  }),
);

/** Environment of the docker client itself: a service's value of that name would change what it does. */
const CLIENTS = /^(?:PATH|HOME|DOCKER_\w+|SSH_\w+|\w+_PROXY|\w+_proxy)$/;

/** How a job of a described service is created. Values are in `env` alone. Pure. */
export function jobArguments(
  stack: string,
  project: string,
  name: string,
  command: ServiceCommand,
): { readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> } {
  const { services, networks, volumes } = described.parse(JSON.parse(stack));
  const service = services[command.service];
  if (service === undefined)
    throw new EngineError(`${command.service} is not in the compose file`, 'correct the service in slipway.json');
  const own = Object.entries(service.environment ?? {}).flatMap(([key, value]) =>
    // The stack file has a $ twice where there is to be one.
    value === null ? [] : [[key, String(value).replaceAll('$$', '$')] as const],
  );
  const env = Object.fromEntries([...own, ...Object.entries(command.env ?? {})]);
  const clash = Object.keys(env).find((key) => CLIENTS.test(key));
  if (clash !== undefined)
    throw new EngineError(
      `a program can't be given ${clash}, which the docker client takes for itself`,
      `take ${clash} out of the service's environment`,
    );
  const mounts = (service.volumes ?? []).map(({ type, source, target, read_only: readOnly }) =>
    [
      `type=${type}`,
      ...(source ? [`source=${type === 'volume' ? (volumes?.[source]?.name ?? `${project}_${source}`) : source}`] : []),
      `target=${target}`,
      ...(readOnly === true ? ['readonly'] : []),
    ].join(','),
  );
  const temporary = [service.tmpfs ?? []].flat().map((path) => `type=tmpfs,target=${path.split(':')[0]}`);
  const joined = Object.keys(service.networks ?? {}).map((key) => networks?.[key]?.name ?? `${project}_${key}`);
  const [program, ...args] = command.argv;
  return {
    env,
    argv: [
      ...['service', 'create', '--detach', '--quiet', '--name', name, '--label', `${JOB_LABEL}=${project}`],
      ...['--mode', 'replicated-job', '--restart-condition', 'none', '--no-resolve-image', '--with-registry-auth'],
      ...Object.keys(env).flatMap((key) => ['--env', key]),
      ...joined.flatMap((network) => ['--network', network]),
      ...[...mounts, ...temporary].flatMap((mount) => ['--mount', mount]),
      ...(service.deploy?.placement?.constraints ?? []).flatMap((item) => ['--constraint', item]),
      ...(service.user ? ['--user', service.user] : []),
      ...(service.working_dir ? ['--workdir', service.working_dir] : []),
      ...['--entrypoint', program, service.image, ...args],
    ],
  };
}

/** Runs a program as a job of the swarm, and removes the job, also where it was cut off. */
export async function runJob(host: ComposeHost, stack: string, command: ServiceCommand): Promise<RunResult> {
  const { world, config } = host;
  if (command.input !== undefined)
    throw new EngineError(
      'a job of a swarm takes no standard input',
      'run it in the running service, or let it read a file',
    );
  const name = `${config.project}-once-${randomBytes(4).toString('hex')}`;
  const { argv, env } = jobArguments(stack, config.project, name, command);
  try {
    await dockerText(world.run, argv, { env });
    const exitCode = await ended(world, name, command.timeout);
    const { stdout, stderr } = await docker(world.run, ['service', 'logs', '--raw', name]);
    await dockerText(world.run, ['service', 'rm', name]);
    command.onData?.(Buffer.from(stdout));
    return { exitCode, stdout: command.onData === undefined ? stdout : '', stderr };
  } catch (error) {
    await removeQuickly(world, name);
    throw error;
  }
}

async function ended(world: World, name: string, timeout: number): Promise<number> {
  const deadline = world.clock.now().getTime() + timeout;
  for (;;) {
    const ids = (await dockerText(world.run, ['service', 'ps', '--quiet', '--no-trunc', name]))
      .split('\n')
      .filter(Boolean);
    const found =
      ids.length === 0
        ? []
        : task.parse(JSON.parse(await dockerText(world.run, ['inspect', '--type', 'task', ...ids])));
    const states = found.map(({ Status }) => Status);
    if (states.some(({ State }) => State === 'complete')) return 0;
    const failed = states.find(({ State }) => ['failed', 'rejected', 'orphaned', 'shutdown'].includes(State));
    if (failed !== undefined) {
      const code = failed.ContainerStatus?.ExitCode ?? 0;
      if (code !== 0) return code;
      throw new EngineError(`the program could not be run: ${failed.Err || failed.State}`, `docker service ps ${name}`);
    }
    if (world.clock.now().getTime() >= deadline)
      throw new RunError('timedOut', ['docker', 'service', 'create'], `the program took longer than ${timeout} ms`);
    await world.clock.sleep(LOOK);
    world.stop.check();
  }
}

async function removeQuickly(world: World, name: string): Promise<void> {
  const { run } = world.finishing ?? world;
  try {
    await docker(run, ['service', 'rm', name], { timeout: LAST_MOMENT });
  } catch (error) {
    // The next deployment finds it.
    world.log.warn(`${name} may still run: ${errorMessage(error)}`);
  }
}

/** Removes jobs whose step was cut off. Only under the environment's lock. @returns how many. @throws {EngineError} */
export async function removeAbandonedJobs(run: Run, project: string): Promise<number> {
  const listed = await dockerText(run, ['service', 'ls', '--quiet', '--filter', `label=${JOB_LABEL}=${project}`]);
  const jobs = listed.split('\n').filter(Boolean);
  if (jobs.length > 0) await docker(run, ['service', 'rm', ...jobs]);
  return jobs.length;
}
