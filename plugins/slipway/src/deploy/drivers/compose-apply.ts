import type { DeployedRelease } from '../../ledger/events';
import { readContainers, removeLeftovers } from './compose-containers';
import { explain } from './compose-explain';
import { digestsFor, type ComposeHost } from './compose-host';
import { composeUp, waitForHealth, type AppliedDescription } from './compose-up';
import { roll, type RollingFailure } from './compose-rolling';
import { readProject, type DescribedProject } from './described-service';
import type { ApplyResult, ServiceProblem } from './driver';
import { keepImages, readKeepers, type KeptImage } from './kept-images';
import { removeAbandoned } from './once-containers';
import { showProgress } from './progress';
import { ensureImages, tellMovedTags } from './release-images';

/** Makes the environment run a description, and reads back what runs. */
export async function applyRelease(
  host: ComposeHost,
  release: DeployedRelease,
  description: AppliedDescription & { readonly text: string },
  guard: () => Promise<void>,
): Promise<ApplyResult> {
  const { world, config } = host;
  const { run } = world;
  const asked = digestsFor(host, release);
  const project = readProject(description.text);
  const current = () => readContainers(run, config.project);
  const started = world.clock.now().getTime();
  const waited = () => world.clock.now().getTime() - started;

  await guard();
  const [before, keepers] = await Promise.all([current(), readKeepers(run, config.project), tidy(host)]);
  const missing = await ensureImages(host, release, guard);
  if (missing !== null) {
    const problem: ServiceProblem = { ...missing, kind: 'engine', log: [] };
    return { kind: 'unhealthy', problems: [problem], running: await current(), waited: waited() };
  }
  await tellMovedTags(host, release);
  await keepImages(world, config.project, { keepers, needed: imagesToKeep(asked, before) }, guard);

  const outcome = await showProgress(world, asked, current, waited, async () => {
    let rest: readonly string[] | null = null;
    if (config.strategy === 'rolling') {
      const rolled = await roll({ host, project, description, asked, guard });
      if (rolled.failure !== null) return rolled.failure;
      rest = rolled.rest;
    }
    await guard();
    return waitForHealth(host, asked, await composeUp(host, description, upArguments(rest, asked)));
  });
  if ('problem' in outcome) return rollingFailed(host, outcome, waited(), description.secrets);
  const { problems, running } = outcome;
  tellRemoved(host, before, project);
  const explained = await Promise.all(
    problems.map((problem) => explain(host, problem, running, waited(), description.secrets)),
  );
  const [first, ...others] = explained;
  if (first === undefined) return { kind: 'applied', running, waited: waited() };
  return { kind: 'unhealthy', problems: [first, ...others], running, waited: waited() };
}

/**
 * What Compose is still to put in place, and orphans to remove. By name behind a rolling, as one-shot services have run by then.
 * @param rest null for everything.
 */
function upArguments(rest: readonly string[] | null, asked: Readonly<Record<string, string>>): readonly string[] {
  if (rest === null) return ['--remove-orphans'];
  return rest.length > 0
    ? ['--remove-orphans', ...rest]
    : ['--remove-orphans', '--no-deps', '--no-recreate', ...Object.keys(asked)];
}

/** What deployments that were cut off left behind. */
async function tidy({ world, config }: ComposeHost): Promise<void> {
  const [leftovers, programs] = await Promise.all([
    removeLeftovers(world.run, config.project),
    removeAbandoned(world, config.project, true),
  ]);
  for (const name of leftovers) world.log.info(`Removed ${name}, which a deployment that was cut off had left behind`);
  if (programs > 0) world.log.info('Removed a program that a deployment that was cut off had left running');
}

/** What is about to serve, and what serves now: it may have to come back. */
function imagesToKeep(asked: Readonly<Record<string, string>>, before: readonly KeptImage[]): readonly KeptImage[] {
  const now = before.filter(({ service }) => Object.hasOwn(asked, service));
  const all = [...Object.entries(asked).map(([service, image]) => ({ service, image })), ...now];
  return all.filter(
    (item, index) => all.findIndex(({ service, image }) => service === item.service && image === item.image) === index,
  );
}

function tellRemoved(
  { world }: ComposeHost,
  before: readonly KeptImage[],
  { services }: Pick<DescribedProject, 'services'>,
): void {
  const gone = [...new Set(before.map(({ service }) => service))].filter(
    (service) => !Object.hasOwn(services, service),
  );
  for (const service of gone) world.log.info(`${service} is not in the compose file any more: removed`);
}

async function rollingFailed(
  host: ComposeHost,
  failure: RollingFailure,
  waited: number,
  secrets: readonly string[],
): Promise<ApplyResult> {
  const running = await readContainers(host.world.run, host.config.project);
  const explained = await explain(host, failure, running, waited, secrets);
  // Its own words, not those of the old container that serves on.
  const problem = failure.log === null ? explained : { ...explained, log: failure.log };
  return { kind: 'unhealthy', problems: [problem], running, waited };
}
