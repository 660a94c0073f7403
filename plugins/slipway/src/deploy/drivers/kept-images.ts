import { docker, dockerText, EngineError } from '../../image/engine';
import type { World } from '../../io/world';

/**
 * Containers that are made and never started, one for each image that a rollback may need. They cost a few kilobytes each, and
 * `docker image prune --all`, which takes every image that no container was made from, leaves their images alone.
 * (`docker container prune` and `docker system prune` remove them, as they remove every container that does not run.)
 */
const KEEPER = 'slipway.keeps';
const PROJECT = 'com.docker.compose.project';
const SERVICE = 'com.docker.compose.service';
/** Compose takes them for the project's own one-off containers: `down` removes them, `up` and `ps` pass over them. */
const ONE_OFF = 'com.docker.compose.oneoff=True';
/** How many images of one service are kept, besides those that run. */
const KEPT = 10;

interface Keeper {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  /** Image id. */
  readonly image: string;
}

/** What is to be kept: a service's image. */
export interface KeptImage {
  readonly service: string;
  readonly image: string;
}

/**
 * Keeps the images that are `needed` from being pruned, and lets go of the oldest ones beyond ten of a service.
 * @throws {EngineError}, and what `guard` throws.
 */
export async function keepImages(
  { run }: Pick<World, 'run'>,
  project: string,
  { keepers, needed }: { readonly keepers: readonly Keeper[]; readonly needed: readonly KeptImage[] },
  guard: () => Promise<void>,
): Promise<void> {
  for (const { service, image } of needed) {
    if (keepers.some((keeper) => keeper.service === service && keeper.image === image)) continue;
    await guard();
    await create(run, project, service, image);
  }
  const unneeded = surplus(keepers, needed);
  if (unneeded.length === 0) return;
  await guard();
  await docker(run, ['rm', ...unneeded.map(({ id }) => id)]);
}

/** Of keepers, newest first, those beyond the limit. Pure. */
export function surplus(keepers: readonly Keeper[], needed: readonly KeptImage[]): readonly Keeper[] {
  const isNeeded = ({ service, image }: Keeper) =>
    needed.some((item) => item.service === service && item.image === image);
  const services = [...new Set(keepers.map(({ service }) => service))];
  return services.flatMap((service) =>
    keepers.filter((keeper) => keeper.service === service && !isNeeded(keeper)).slice(KEPT),
  );
}

/** What is kept from being pruned now, newest first. @throws {EngineError} */
export async function readKeepers(run: World['run'], project: string): Promise<readonly Keeper[]> {
  const format = `{{.ID}}\t{{.Names}}\t{{.Label "${SERVICE}"}}`;
  const listed = await dockerText(run, [
    ...['ps', '--all', '--no-trunc', '--format', format],
    ...['--filter', `label=${PROJECT}=${project}`, '--filter', `label=${KEEPER}`],
  ]);
  return listed.split('\n').flatMap((line) => {
    const [id, name, service] = line.split('\t');
    const image = /-([0-9a-f]{64})$/.exec(name ?? '')?.[1];
    return id && name && service && image ? [{ id, name, service, image: `sha256:${image}` }] : [];
  });
}

async function create(run: World['run'], project: string, service: string, image: string): Promise<void> {
  const name = `slipway-keeps-${project}-${service}-${image.replace('sha256:', '')}`;
  const created = await docker(run, [
    ...['create', '--name', name, '--network', 'none'],
    ...[`${PROJECT}=${project}`, `${SERVICE}=${service}`, ONE_OFF, `${KEEPER}=true`].flatMap((label) => [
      '--label',
      label,
    ]),
    // Never run; an image that names no program could not be used otherwise.
    ...['--entrypoint', '/slipway-keeps-this-image', image],
  ]);
  if (created.exitCode === 0 || /is already in use/i.test(created.stderr)) return;
  throw new EngineError(
    `the image of ${service}, ${image}, could not be kept from being pruned: ${created.stderr.trim()}`,
    `docker create --name ${name} ${image}`,
  );
}
