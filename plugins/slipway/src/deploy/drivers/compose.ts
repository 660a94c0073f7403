import type { EnvironmentConfig, ImageConfig, RegistryConfig } from '../../config/schema';
import type { World } from '../../io/world';
import type { DeployedRelease } from '../../ledger/events';
import { milliseconds } from '../duration';
import { readEnvironmentFiles, type EnvironmentFiles } from '../environment-files';
import { secretsOf } from '../sanitise';
import { dockerByHand } from './by-hand';
import { applyRelease } from './compose-apply';
import { readContainers } from './compose-containers';
import { descriptionArguments, descriptionEnvironment, requireDescription } from './compose-description';
import { composeAt, hashOf, writeDescription } from './compose-files';
import { composeHost, digestsFor } from './compose-host';
import { dependsOnOthers, hasNothing } from './compose-new-environment';
import { inspectRelease } from './compose-preflight';
import { executeInContainer, readLogs, runInNewContainer } from './compose-programs';
import { stopServices } from './compose-stop';
import type { AppliedDescription } from './compose-up';
import { onContext } from './docker-context';
import type { Driver } from './driver';
import { ensureImages } from './release-images';
import { EngineError } from '../../image/engine';

export interface ComposeDriverOptions {
  readonly world: World;
  /** Name of the environment. */
  readonly environment: string;
  readonly config: EnvironmentConfig;
  /** Images of the release, by service. */
  readonly images: Readonly<Record<string, ImageConfig>>;
  readonly registry?: RegistryConfig | undefined;
}

/** Deploys with Docker Compose v2, on the engine of the environment's Docker context. */
export function createComposeDriver(options: ComposeDriverOptions): Driver {
  const { config } = options;
  const world = onContext(options.world, config.context);
  const host = composeHost({ ...options, world, registry: options.registry });
  const rolled = config.strategy === 'rolling' ? host.services.length : 0;
  const patience = host.upTimeout + host.healthTimeout + rolled * (host.upTimeout + milliseconds(config.drain));
  /** By what it is made of: programs of one deployment share it. */
  const rendered = new Map<string, string>();

  async function describe(release: DeployedRelease, files: EnvironmentFiles): Promise<string> {
    const key = hashOf((hash) => {
      hash.update(JSON.stringify([release.version, release.commit, release.services, release.references]));
      files.addTo(hash);
    });
    const known = rendered.get(key);
    if (known !== undefined) return known;
    const source = await composeAt(world, release.commit, config.compose);
    const text = await requireDescription(host, release, source, files);
    rendered.set(key, text);
    return text;
  }

  /** Puts a description where Compose reads it. */
  async function put(
    release: DeployedRelease,
    given?: string,
  ): Promise<AppliedDescription & { readonly text: string }> {
    const files = await readEnvironmentFiles(world.root, config.envFiles);
    const text = given ?? (await describe(release, files));
    const file = await writeDescription(world.root, host.environment, release.version, text);
    return {
      text,
      argv: descriptionArguments(host, file),
      env: descriptionEnvironment(host, text, files),
      secrets: secretsOf(files.variables),
    };
  }

  return {
    name: 'compose',
    patience,
    inspect: (release, inspectOptions) => inspectRelease(host, release, inspectOptions),
    current: () => readContainers(world.run, config.project),
    digestsFor: (release) => digestsFor(host, release),
    apply: async (release, { guard, description }) =>
      applyRelease(host, release, await put(release, description), guard),
    runOnce: async (release, command) => {
      const problem = await ensureImages(host, release);
      if (problem !== null) throw new EngineError(problem.problem, 'see that the registry has it, then try again');
      return runInNewContainer(host, await put(release), command);
    },
    execute: (command) => executeInContainer(host, command),
    stop: (services, { guard }) => stopServices(host, services, guard),
    byHand: (file) =>
      dockerByHand(config.context, [
        ...descriptionArguments(host, file),
        'up',
        '--detach',
        '--wait',
        '--remove-orphans',
      ]),
    isNew: async (release, service) => {
      if (!(await hasNothing(world.run, config.project))) return false;
      const files = await readEnvironmentFiles(world.root, config.envFiles);
      return dependsOnOthers(await describe(release, files), service);
    },
    logs: async (service, since) => {
      const files = await readEnvironmentFiles(world.root, config.envFiles);
      return readLogs(host, service, since, secretsOf(files.variables));
    },
  };
}
