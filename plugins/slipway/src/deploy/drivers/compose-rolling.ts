import { docker, dockerText, EngineError } from '../../image/engine';
import type { ServiceDigests } from '../../ledger/events';
import { milliseconds } from '../duration';
import { readContainers, readLog, type ComposeContainer } from './compose-containers';
import type { ComposeHost } from './compose-host';
import { composeUp, waitForHealth, type AppliedDescription, type Problem } from './compose-up';
import type { DescribedProject } from './described-service';
import { oneShotsOf, planWaves, sortContainers, whyNotRolled, type Wave } from './rolling-plan';

/** What kept a service from being put in place, with the last lines of the container that is gone by now. */
export type RollingFailure = Problem & { readonly log: readonly string[] | null };

export interface Rolling {
  readonly host: ComposeHost;
  readonly project: DescribedProject;
  readonly description: AppliedDescription;
  /** Image ids of the release, by service. */
  readonly asked: ServiceDigests;
  readonly guard: () => Promise<void>;
}

/** Milliseconds between two looks. */
const LOOK = 300;

/**
 * Puts services in place one after the other: the new container turns healthy beside the old one, which then finishes its requests and
 * goes. What is done already is found by what the containers were made from, so it may be cut off anywhere and begun again, also
 * with another release.
 *
 * @returns what went wrong: then the new container of that service is gone, and its old one still serves. Else the services that an `up`
 *   is still to put in place.
 */
export async function roll(
  rolling: Rolling,
): Promise<{ readonly failure: RollingFailure } | { readonly failure: null; readonly rest: readonly string[] }> {
  const { host, project, asked } = rolling;
  const hashes = await configHashes(rolling);
  for (const service of Object.keys(asked)) {
    const described = project.services[service];
    const why = described === undefined ? null : whyNotRolled(service, described);
    if (why !== null) host.world.log.info(`${service} is replaced instead of rolled: ${why}`);
  }
  const { waves, rest } = planWaves(project, asked);
  for (const wave of waves) {
    const failure =
      wave.kind === 'roll'
        ? await rollService(rolling, wave, hashes.get(wave.service) ?? '')
        : await replace(rolling, wave.services, hashes);
    if (failure !== null) return { failure };
  }
  return { failure: null, rest };
}

/** Compose's own hash of each service's definition, which it labels containers with. */
async function configHashes({ host, description }: Rolling): Promise<ReadonlyMap<string, string>> {
  const listed = await dockerText(host.world.run, [...description.argv, 'config', '--hash', '*'], {
    env: description.env,
  });
  return new Map(
    listed.split('\n').flatMap((line): [string, string][] => {
      const [service, hash] = line.trim().split(/\s+/);
      return service && hash ? [[service, hash]] : [];
    }),
  );
}

/** Leaves services alone that run as they should; Compose replaces the others. */
async function replace(
  rolling: Rolling,
  services: readonly string[],
  hashes: ReadonlyMap<string, string>,
): Promise<RollingFailure | null> {
  const { host, project, asked, description, guard } = rolling;
  const containers = await readContainers(host.world.run, host.config.project);
  const oneShots = oneShotsOf(project);
  const asIs = (service: string) => {
    const own = containers.filter((container) => container.service === service);
    const well = ({ running, exitCode }: ComposeContainer) => running || (oneShots.has(service) && exitCode === 0);
    return own.length > 0 && own.every((container) => well(container) && container.configHash === hashes.get(service));
  };
  const changed = services.filter((service) => !asIs(service));
  if (changed.length === 0) return null;
  await guard();
  // Never with --no-deps: Compose then labels containers with the hash of another definition, and would replace them next time.
  const failure = await composeUp(host, description, changed);
  const own = Object.fromEntries(Object.entries(asked).filter(([service]) => changed.includes(service)));
  const { problems } = await waitForHealth(host, own, failure, changed);
  const [problem] = problems;
  const found =
    problem ??
    (await completed(
      host,
      changed.filter((service) => oneShots.has(service)),
    ));
  return found === null ? null : { ...found, log: null };
}

/** Waits for one-shot services, such as those that prepare data, that others may only follow once they are through. */
async function completed(host: ComposeHost, oneShots: readonly string[]): Promise<Problem | null> {
  const { world, config, healthTimeout } = host;
  const deadline = world.clock.now().getTime() + healthTimeout;
  for (;;) {
    const containers = await readContainers(world.run, config.project);
    const own = containers.filter(({ service }) => oneShots.includes(service));
    const failed = own.find(({ running, exitCode }) => !running && exitCode !== 0);
    if (failed !== undefined)
      return {
        service: failed.service,
        kind: 'stopped',
        problem: `${failed.service} failed (exit ${failed.exitCode})`,
      };
    const busy = own.find(({ running }) => running);
    if (busy === undefined) return null;
    if (world.clock.now().getTime() >= deadline)
      return { service: busy.service, kind: 'starting', problem: `${busy.service} is still not through` };
    await world.clock.sleep(LOOK);
    world.stop.check();
  }
}

async function rollService(
  rolling: Rolling,
  { service, count }: Extract<Wave, { kind: 'roll' }>,
  configHash: string,
): Promise<RollingFailure | null> {
  const { host, asked, description, guard } = rolling;
  const { world } = host;
  const image = asked[service] ?? '';
  const look = async () => {
    const all = await readContainers(world.run, host.config.project);
    return all.filter((container) => container.service === service);
  };
  const sets = sortContainers(await look(), { image, configHash, count });
  await remove(rolling, sets.dead);
  const fresh = [...sets.fresh];
  let obsolete = [...sets.obsolete];

  // Of a deployment that was cut off while they started.
  const sick = await untilHealthy(rolling, service, image, fresh);
  if (sick !== null) {
    if (obsolete.length > 0) await remove(rolling, fresh);
    return sick;
  }
  while (fresh.length < count) {
    const before = await look();
    await guard();
    world.log.info(
      `${service}: starting a new container${before.length > 0 ? ` beside ${before.length} that serve` : ''}`,
    );
    const scale = ['--scale', `${service}=${before.length + 1}`];
    const failure = await composeUp(host, description, ['--no-recreate', ...scale, service]);
    const added = (await look()).filter(({ instance }) => !before.some((old) => old.instance === instance));
    const problem =
      failure !== null || added.length === 0
        ? {
            service: 'compose',
            kind: 'engine' as const,
            problem: failure ?? `no new container of ${service}`,
            log: null,
          }
        : await untilHealthy(rolling, service, image, added);
    if (problem !== null) {
      await remove(rolling, added);
      return problem;
    }
    fresh.push(...added);
    const [next, ...rest] = obsolete;
    if (next !== undefined && fresh.length < count) {
      await drain(rolling, service, [next]);
      obsolete = rest;
    }
  }
  await drain(rolling, service, obsolete);
  return null;
}

/** Looks until these containers are healthy. Null where they are, else what is wrong with one of them. */
async function untilHealthy(
  { host, description }: Rolling,
  service: string,
  image: string,
  containers: readonly ComposeContainer[],
): Promise<RollingFailure | null> {
  const { world, healthTimeout, config } = host;
  const deadline = world.clock.now().getTime() + healthTimeout;
  const fail = async (container: ComposeContainer, kind: Problem['kind'], what: string): Promise<RollingFailure> => {
    const log = await readLog(world.run, container.instance, description.secrets);
    return { service, kind, problem: `the new container of ${service} ${what}`, log };
  };
  for (;;) {
    const now = await readContainers(world.run, config.project);
    const states = containers.map(
      (container) => [container, now.find(({ instance }) => instance === container.instance)] as const,
    );
    for (const [container, state] of states) {
      if (state === undefined) return fail(container, 'missing', 'is gone');
      if (state.image !== image) return fail(container, 'wrongImage', 'runs another image than the release has');
      if (!state.running && state.restarting !== true)
        return fail(container, 'stopped', `ended (exit ${state.exitCode})`);
      if (state.running && state.health === 'unhealthy') return fail(container, 'unhealthy', 'is unhealthy');
      if (state.running && state.health === 'none')
        return fail(container, 'unknownHealth', 'has no healthcheck, so its health is unknown');
    }
    const waiting = states.find(([, state]) => state?.running !== true || state.health !== 'healthy');
    if (waiting === undefined) return null;
    if (world.clock.now().getTime() >= deadline) return fail(waiting[0], 'starting', 'is still not healthy');
    await world.clock.sleep(LOOK);
    world.stop.check();
  }
}

/**
 * Takes old containers out of service. First nothing happens for a while: whoever sends requests learns of the new container's address, so
 * that it has another one once the old one refuses. Then the old one is told to stop, and has its own grace period to finish.
 */
async function drain(rolling: Rolling, service: string, containers: readonly ComposeContainer[]): Promise<void> {
  if (containers.length === 0) return;
  const { host, guard } = rolling;
  const { world, config } = host;
  world.log.info(`${service}: the new container is healthy; the old one goes in ${config.drain}`);
  await world.clock.sleep(milliseconds(config.drain));
  await guard();
  const ids = containers.map(({ instance }) => instance);
  // Without a time of ours the container's own grace period counts.
  const stopped = await docker(world.run, ['stop', ...ids]);
  if (stopped.exitCode !== 0 && !isGone(stopped.stderr)) throw notRemoved(service, stopped.stderr);
  await remove(rolling, containers);
}

async function remove({ host, guard }: Rolling, containers: readonly ComposeContainer[]): Promise<void> {
  if (containers.length === 0) return;
  await guard();
  const ids = containers.map(({ instance }) => instance);
  // Volumes without a name go with their container; named ones stay.
  const removed = await docker(host.world.run, ['rm', '--force', '--volumes', ...ids]);
  if (removed.exitCode !== 0 && !isGone(removed.stderr)) throw notRemoved(containers[0]?.service ?? '', removed.stderr);
}

const isGone = (stderr: string) => /no such container|is already in progress/i.test(stderr);

function notRemoved(service: string, stderr: string): EngineError {
  return new EngineError(
    `an old container of ${service} could not be removed: ${stderr.trim()}`,
    'see what the engine says: docker ps --all',
  );
}
