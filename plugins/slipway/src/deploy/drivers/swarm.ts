import { docker, dockerText, EngineError } from '../../image/engine';
import type { DeployedRelease } from '../../ledger/events';
import type { Refusal } from '../../ledger/outcome';
import { readEnvironmentFiles, type EnvironmentFiles } from '../environment-files';
import { secretsOf } from '../sanitise';
import { dockerByHand } from './by-hand';
import type { ComposeDriverOptions } from './compose';
import { requireDescription } from './compose-description';
import { composeAt, writeDescription } from './compose-files';
import { composeHost, digestsFor, type ComposeHost } from './compose-host';
import { inspectRelease } from './compose-preflight';
import { onContext } from './docker-context';
import type { Driver, Inspection, ServiceCommand } from './driver';
import { applyStack, deployArguments, type PlacedStack } from './swarm-apply';
import { runJob } from './swarm-jobs';
import { readServiceLog } from './swarm-logs';
import { readStack } from './swarm-services';
import { stackFileOf, type StackFile } from './swarm-stack-file';
import { stopStackServices } from './swarm-stop';

/** Deploys with `docker stack deploy`, on the swarm that the environment's Docker context is a manager of. */
export function createSwarmDriver(options: ComposeDriverOptions): Driver {
  const { config } = options;
  const world = onContext(options.world, config.context);
  const host = composeHost({ ...options, world, registry: options.registry });

  const toStack = (release: DeployedRelease, rendered: string): StackFile =>
    stackFileOf(rendered, digestsFor(host, release), config.strategy === 'rolling');

  async function describe(release: DeployedRelease, files: EnvironmentFiles): Promise<string> {
    const source = await composeAt(world, release.commit, config.compose);
    const { text, problems } = toStack(release, await requireDescription(host, release, source, files));
    if (text !== null) return text;
    throw new EngineError(`${config.compose} is no stack: ${problems[0] ?? ''}`, 'correct the compose file');
  }

  async function put(release: DeployedRelease, given?: string): Promise<PlacedStack> {
    const files = await readEnvironmentFiles(world.root, config.envFiles);
    const text = given ?? (await describe(release, files));
    const file = await writeDescription(world.root, host.environment, release.version, text);
    return { file, text, secrets: secretsOf(files.variables) };
  }

  return {
    name: 'swarm',
    patience: host.upTimeout + host.healthTimeout,
    inspect: (release, { description } = {}) =>
      inspect(host, release, description, (rendered) => toStack(release, rendered)),
    current: async () => (await readStack(world.run, config.project)).running,
    digestsFor: (release) => digestsFor(host, release),
    apply: async (release, { guard, description }) => applyStack(host, release, await put(release, description), guard),
    runOnce: async (release, command) =>
      runJob(host, await describe(release, await readEnvironmentFiles(world.root, config.envFiles)), command),
    execute: (command) => executeHere(host, command),
    stop: (services, { guard }) => stopStackServices(host, services, guard),
    byHand: (file) => dockerByHand(config.context, deployArguments(config.project, file)),
    logs: async (service, since) => {
      const files = await readEnvironmentFiles(world.root, config.envFiles);
      return readServiceLog(host, service, since, secretsOf(files.variables));
    },
  };
}

async function inspect(
  host: ComposeHost,
  release: DeployedRelease,
  given: string | undefined,
  toStack: (rendered: string) => StackFile,
): Promise<Inspection> {
  const refusals: Refusal[] = [...(await managerRefusals(host))];
  if (refusals.length > 0) return { refusals, configHash: '', description: null };
  const inspection = await inspectRelease(host, release, { ports: false, description: given });
  if (given !== undefined || inspection.description === null) return inspection;
  const { text, problems, notes } = toStack(inspection.description);
  for (const note of notes) host.world.log.warn(note);
  refusals.push(
    ...problems.map((reason) => ({
      id: 'stackFile',
      reason,
      remedy: `correct ${host.config.compose}, then release it`,
    })),
  );
  return text === null ? { refusals, configHash: '', description: null } : { ...inspection, description: text };
}

async function managerRefusals({ world, environment }: ComposeHost): Promise<readonly Refusal[]> {
  const format = '{{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}}';
  const state = (await dockerText(world.run, ['info', '--format', format])).trim();
  if (state === 'active true') {
    // Tells a lost quorum, with what the engine says about it.
    await dockerText(world.run, ['node', 'ls', '--quiet']);
    return [];
  }
  return [
    {
      id: 'swarm',
      reason: `the engine that ${environment} talks to is no manager of a swarm (${state})`,
      remedy: `docker swarm init, or set environments.${environment}.context to a manager`,
    },
  ];
}

/** Only the engine that a task runs on can execute in its container. */
async function executeHere({ world, config, environment }: ComposeHost, command: ServiceCommand) {
  const here = (await dockerText(world.run, ['info', '--format', '{{.Swarm.NodeID}}'])).trim();
  const up = (await readStack(world.run, config.project)).running.filter(
    (task) => task.service === command.service && task.startedAt !== null && task.running,
  );
  const task = up.find(({ node }) => node === here);
  if (task === undefined) {
    const nodes = [...new Set(up.map(({ nodeName }) => nodeName))].join(', ');
    throw nodes === ''
      ? new EngineError(`${command.service} does not run in ${environment}`, `deploy to ${environment} first`)
      : new EngineError(
          `${command.service} runs on ${nodes}, and a manager can't execute a program on another node`,
          `set environments.${environment}.context to that node's engine, or keep ${command.service} on the manager (deploy.placement.constraints)`,
        );
  }
  const { input, onData, timeout, env } = command;
  return docker(
    world.run,
    [
      ...['exec', ...(input === undefined ? [] : ['--interactive'])],
      ...Object.keys(env ?? {}).flatMap((name) => ['--env', name]),
      ...[task.container, ...command.argv],
    ],
    {
      timeout,
      ...(env === undefined ? {} : { env }),
      ...(input === undefined ? {} : { input }),
      ...(onData === undefined ? {} : { onData }),
    },
  );
}
