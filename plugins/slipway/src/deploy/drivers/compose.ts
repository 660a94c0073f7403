import { dirname, join } from 'node:path';
import type { EnvironmentConfig, ImageConfig } from '../../config/schema';
import { docker, EngineError, findImage } from '../../image/engine';
import { RunError, type RunOptions, type RunResult } from '../../io/exec';
import type { World } from '../../io/world';
import type { DeployedRelease, ServiceDigests } from '../../ledger/events';
import type { Refusal } from '../../ledger/outcome';
import { milliseconds, showDuration } from '../duration';
import { EnvFileError } from '../env-file';
import { readEnvironmentFiles, readIfThere, type EnvironmentFiles } from '../environment-files';
import { compareRunning } from '../read-back';
import { lastLines, sanitise, secretsOf } from '../sanitise';
import { readContainers, readLog, removeLeftovers } from './compose-containers';
import {
  composeArguments,
  composeAt,
  composeEnvironment,
  composeOverride,
  hashOf,
  writeComposeFiles,
} from './compose-files';
import { dependsOnOthers, hasNothing } from './compose-new-environment';
import type {
  ApplyOptions,
  ApplyResult,
  Driver,
  Inspection,
  RunningService,
  ServiceCommand,
  ServiceProblem,
} from './driver';
import { showProgress } from './progress';

export interface ComposeDriverOptions {
  readonly world: World;
  /** Name of the environment. */
  readonly environment: string;
  readonly config: EnvironmentConfig;
  /** Images of the release, by service. */
  readonly images: Readonly<Record<string, ImageConfig>>;
}

/** How a service's command takes its input and gives its output. */
function streams({ input, onData, timeout }: ServiceCommand): RunOptions {
  return {
    timeout,
    ...(input === undefined ? {} : { input }),
    ...(onData === undefined ? {} : { onData }),
  };
}

/** Milliseconds beyond the health time-out for creating networks, volumes and containers. */
const SET_UP_TIME = 30_000;

/** What `up --wait` says where a container did not turn healthy or ended. */
const ABOUT_HEALTH =
  /^container \S+ (?:is unhealthy|exited|has no healthcheck)|application not healthy|dependency failed to start/i;

/** The engine's words without its preambles and with short ids: the cause comes last, and lines are cut. */
function briefly(text: string): string {
  return text
    .replace(/Error response from daemon: /g, '')
    .replace(/driver failed programming external connectivity on endpoint \S+ \([0-9a-f]+\): /g, '')
    .replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1');
}

/** Deploys with Docker Compose v2 on this host's engine. */
export function createComposeDriver({ world, environment, config, images }: ComposeDriverOptions): Driver {
  const services = config.services ?? Object.keys(images);
  const healthTimeout = milliseconds(config.healthTimeout);
  const patience = healthTimeout + SET_UP_TIME;

  const digestsFor = (release: DeployedRelease): ServiceDigests =>
    Object.fromEntries(
      services.flatMap((service) => {
        const image = release.services[service];
        return image === undefined ? [] : [[service, image]];
      }),
    );
  const current = () => readContainers(world.run, config.project);

  async function inspect(release: DeployedRelease): Promise<Inspection> {
    const refusals = [...(await imageRefusals(release))];
    const files = await environmentFiles(refusals);
    const compose = await composeAt(world, release.commit, config.compose);
    if (compose === null) {
      refusals.push({
        id: 'composeFile',
        reason: `${config.compose} does not exist at commit ${release.commit.slice(0, 10)} of ${release.version}`,
        remedy: `correct environments.${environment}.compose in slipway.json, or release a commit that holds the file`,
      });
    }
    if (files === null || compose === null || refusals.length > 0)
      return { refusals, configHash: '', description: null };
    const rendered = await docker(world.run, [...composeArguments(world.root, config, ['-'], files.paths), 'config'], {
      env: composeEnvironment(world.env, release, images),
      input: compose,
    });
    if (rendered.exitCode !== 0) {
      const said = lastLines(sanitise(rendered.stderr, secretsOf(files.variables)), 3).join(' ');
      refusals.push({
        id: 'composeValid',
        reason: `Docker Compose does not take ${config.compose} with the variables of ${environment}: ${said}`,
        remedy:
          'correct the variable that it names in an environment file, or the compose file; Docker Compose v2 is needed',
      });
      return { refusals, configHash: '', description: null };
    }
    const configHash = hashOf((hash) => {
      files.addTo(hash);
      hash.update(rendered.stdout);
    });
    return { refusals, configHash, description: rendered.stdout };
  }

  async function imageRefusals(release: DeployedRelease): Promise<readonly Refusal[]> {
    if (services.length === 0) {
      return [{ id: 'services', reason: `${environment} deploys no service`, remedy: 'add images to slipway.json' }];
    }
    const results = await Promise.all(
      services.map(async (service): Promise<Refusal | null> => {
        const image = release.services[service];
        if (images[service] === undefined) {
          return {
            id: 'services',
            reason: `${environment} deploys ${service}, which is not among the images`,
            remedy: `add images.${service} to slipway.json, or take it out of environments.${environment}.services`,
          };
        }
        if (image === undefined) {
          return {
            id: 'images',
            reason: `${release.version} has no image of ${service}`,
            remedy: 'build its images (release-image)',
          };
        }
        if ((await findImage(world.run, image)) !== null) return null;
        return {
          id: 'images',
          reason: `the image of ${service} in ${release.version}, ${image}, is gone from this engine`,
          remedy: `load it again (docker load) or release a new version`,
        };
      }),
    );
    return results.filter((refusal) => refusal !== null);
  }

  async function environmentFiles(refusals: Refusal[]): Promise<EnvironmentFiles | null> {
    try {
      const files = await readEnvironmentFiles(world.root, config.envFiles);
      for (const path of files.missing) {
        const example = join(dirname(path), '.env.example');
        const hasExample = (await readIfThere(join(world.root, example))) !== null;
        refusals.push({
          id: 'envFiles',
          reason: `${path}, which ${environment} needs, does not exist on this host`,
          remedy: hasExample ? `cp ${example} ${path}, then fill it in` : `create ${path}`,
        });
      }
      return files;
    } catch (error) {
      if (!(error instanceof EnvFileError)) throw error;
      refusals.push({ id: 'envFiles', reason: error.message, remedy: 'correct that line' });
      return null;
    }
  }

  async function apply(release: DeployedRelease, { guard }: ApplyOptions): Promise<ApplyResult> {
    const asked = digestsFor(release);
    const content = await composeAt(world, release.commit, config.compose);
    if (content === null) throw new EngineError(`${config.compose} does not exist at ${release.commit}`, 'git fetch');
    const files = await readEnvironmentFiles(world.root, config.envFiles);
    const secrets = secretsOf(files.variables);
    const written = await writeComposeFiles(world.root, environment, release.version, {
      compose: content,
      override: composeOverride(release, asked),
    });
    const up = [
      'up',
      '-d',
      '--wait',
      '--wait-timeout',
      String(Math.ceil(healthTimeout / 1_000)),
      '--no-build',
      '--remove-orphans',
    ];
    const argv = [...composeArguments(world.root, config, [written.compose, written.override], files.paths), ...up];
    await guard();
    for (const name of await removeLeftovers(world.run, config.project))
      world.log.info(`Removed ${name}, which a deployment that was cut off had left behind`);
    await guard();
    const started = world.clock.now().getTime();
    const waited = () => world.clock.now().getTime() - started;

    const failure = await showProgress(world, asked, current, waited, () => runUp(argv, release, secrets));
    const running = await current();
    const problems = [...compareRunning(asked, running)];
    // What stopped Compose explains what does not run; that a container is not healthy, the containers say themselves.
    if (failure !== null && (problems.length === 0 || !ABOUT_HEALTH.test(failure)))
      problems.unshift({ service: 'compose', kind: 'engine', problem: failure });
    const explained = await Promise.all(problems.map((problem) => explain(problem, running, waited(), secrets)));
    const [first, ...rest] = explained;
    if (first === undefined) return { kind: 'applied', running, waited: waited() };
    return { kind: 'unhealthy', problems: [first, ...rest], running, waited: waited() };
  }

  /** Null where Compose was content, else what it said. */
  async function runUp(
    argv: readonly string[],
    release: DeployedRelease,
    secrets: readonly string[],
  ): Promise<string | null> {
    try {
      const result = await docker(world.run, argv, {
        env: composeEnvironment(world.env, release, images),
        timeout: patience,
      });
      if (result.exitCode === 0) return null;
      return (
        lastLines(briefly(sanitise(result.stderr, secrets)), 1)[0] ??
        `docker compose up failed (exit ${result.exitCode})`
      );
    } catch (error) {
      if (error instanceof RunError && error.failure === 'timedOut')
        return `it took longer than ${showDuration(patience)}`;
      throw error;
    }
  }

  async function explain(
    problem: Omit<ServiceProblem, 'log'>,
    running: readonly RunningService[],
    waited: number,
    secrets: readonly string[],
  ): Promise<ServiceProblem> {
    const after = showDuration(waited);
    if (problem.kind === 'engine')
      return { ...problem, problem: `Docker Compose failed after ${after}: ${problem.problem}`, log: [] };
    const instance = running.find((item) => item.service === problem.service);
    const log = instance === undefined ? [] : await readLog(world.run, instance.instance, secrets);
    return { ...problem, problem: `${problem.problem} after ${after}`, log };
  }

  async function runOnce(release: DeployedRelease, command: ServiceCommand): Promise<RunResult> {
    const content = await composeAt(world, release.commit, config.compose);
    if (content === null) throw new EngineError(`${config.compose} does not exist at ${release.commit}`, 'git fetch');
    const files = await readEnvironmentFiles(world.root, config.envFiles);
    const written = await writeComposeFiles(world.root, environment, release.version, {
      compose: content,
      override: composeOverride(release, digestsFor(release)),
    });
    const argv = [
      ...composeArguments(world.root, config, [written.compose, written.override], files.paths),
      ...[
        'run',
        '--rm',
        ...(command.startDependencies === true ? [] : ['--no-deps']),
        '--no-TTY',
        '--interactive=false',
        '--entrypoint',
        command.argv[0],
      ],
      // Named only: their values come by the environment, so that no process list shows them.
      ...Object.keys(command.env ?? {}).flatMap((name) => ['--env', name]),
      command.service,
      ...command.argv.slice(1),
    ];
    return docker(world.run, argv, {
      ...streams(command),
      env: { ...composeEnvironment(world.env, release, images), ...command.env },
    });
  }

  async function execute(command: ServiceCommand): Promise<RunResult> {
    const running = (await current()).find((item) => item.service === command.service && item.running);
    if (running === undefined)
      throw new EngineError(`${command.service} does not run in ${environment}`, `deploy to ${environment} first`);
    const argv = [
      ...['exec', '--interactive', ...Object.keys(command.env ?? {}).flatMap((name) => ['--env', name])],
      ...[running.instance, ...command.argv],
    ];
    return docker(world.run, argv, { ...streams(command), ...(command.env === undefined ? {} : { env: command.env }) });
  }

  async function isNew(release: DeployedRelease, service: string): Promise<boolean> {
    if (!(await hasNothing(world.run, config.project))) return false;
    const { description } = await inspect(release);
    return description !== null && dependsOnOthers(description, service);
  }

  async function logs(service: string, since: Date): Promise<readonly string[]> {
    const files = await readEnvironmentFiles(world.root, config.envFiles);
    const secrets = secretsOf(files.variables);
    const instances = (await current()).filter((item) => item.service === service);
    const texts = await Promise.all(
      instances.map(async ({ instance }) => {
        const result = await docker(world.run, ['logs', '--since', since.toISOString(), instance]);
        return sanitise(`${result.stdout}\n${result.stderr}`, secrets).split('\n');
      }),
    );
    return texts.flat().filter((line) => line !== '');
  }

  return { name: 'compose', patience, inspect, current, apply, digestsFor, runOnce, execute, isNew, logs };
}
