import { composeAt } from '../../deploy/drivers/compose-files';
import { notApplicable } from '../../gates/check';
import { ComposeFileError, composeServices, type ServiceSettings } from '../../gates/compose-services';
import { judgeImages, type DeployedService, type ImageState } from '../../gates/images';
import { contextDigest } from '../../image/context-digest';
import { command } from '../context';
import type { ReleaseCheck, ReleaseSubject } from './release-check';

/** Every image is of this commit, tells its health, and does not run as root. */
export const imagesCheck: ReleaseCheck = {
  id: 'images',
  title: 'Images',
  run: async (subject) => {
    const { context, situation, release, commit, manifests } = subject;
    const { config, world } = context;
    const policy = config.gates.images;
    if ('notApplicable' in policy) return notApplicable('images', policy, 'count');
    const services = Object.entries(config.images);
    if (services.length === 0) return notApplicable('images', { notApplicable: 'no images are configured' }, 'count');
    const recorded = situation.release.releases.get(release.version)?.images;
    const own = recorded?.commit === commit ? recorded : null;
    const composed = await composedServices(subject);
    const images: ImageState[] = [];
    for (const [service, image] of services) {
      const facts = own?.facts?.[service];
      images.push({
        service,
        digest: own?.services[service] ?? null,
        recordedContext: own?.contexts[service] ?? null,
        wantedContext: await contextDigest(world, service, commit, image, manifests.blank),
        user: facts?.user ?? null,
        healthcheck: facts === undefined ? undefined : facts.healthcheck,
        deployed: deployedAs(service, context.config.environments, composed),
      });
    }
    const result = judgeImages(images, policy);
    const stale = images.some(
      ({ recordedContext, wantedContext, user }) => recordedContext !== wantedContext || user === null,
    );
    return stale ? { ...result, remedy: command(context, 'release-image') } : result;
  },
};

type Composed = ReadonlyMap<string, ReadonlyMap<string, ServiceSettings>>;

/** The services of each Compose file as they stand in the commit, by the file's path. */
async function composedServices({ context, commit }: ReleaseSubject): Promise<Composed> {
  const files = new Set(Object.values(context.config.environments).map(({ compose }) => compose));
  const composed = new Map<string, ReadonlyMap<string, ServiceSettings>>();
  for (const file of files) {
    const content = await composeAt(context.world, commit, file);
    if (content === null) throw new ComposeFileError(`${file} does not exist at ${commit.slice(0, 8)}`);
    composed.set(file, composeServices(file, content));
  }
  return composed;
}

function deployedAs(
  service: string,
  environments: ReleaseSubject['context']['config']['environments'],
  composed: Composed,
): DeployedService[] {
  return Object.entries(environments).flatMap(([environment, { compose, services }]) => {
    if (services !== undefined && !services.includes(service)) return [];
    const settings = composed.get(compose)?.get(service);
    return settings === undefined ? [] : [{ environment, file: compose, ...settings }];
  });
}
