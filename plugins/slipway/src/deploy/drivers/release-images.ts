import { findImage } from '../../image/engine';
import { registryTag } from '../../image/push-images';
import { createRegistryClient, REGISTRY_DEFAULTS, RegistryError } from '../../image/registry-client';
import type { DeployedRelease } from '../../ledger/events';
import type { Refusal } from '../../ledger/outcome';
import type { ComposeHost } from './compose-host';
import { isLocal } from './engine-disk';

/** Refuses where a registry does not have an image that the engine lacks. */
export async function pullRefusals(host: ComposeHost, service: string, reference: string): Promise<readonly Refusal[]> {
  try {
    const found = await createRegistryClient(host.world, host.registry ?? REGISTRY_DEFAULTS).find(reference);
    if (found !== null) return [];
    return [
      {
        id: 'images',
        reason: `the image of ${service} is neither on this engine nor in the registry: ${reference}`,
        remedy: 'push it again (release-image), or release a new version',
      },
    ];
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    // An engine elsewhere may reach what this machine can't.
    if (error.failure === 'down' && !(await isLocal(host.world))) return [];
    return [
      { id: 'images', reason: `the image of ${service} can't be pulled: ${error.message}`, remedy: error.remedy },
    ];
  }
}

/**
 * Pulls what the engine lacks of a release, by repository digest, and sees that each image is the one that was recorded.
 * @returns what is wrong; null where every image is there.
 * @throws what `guard` throws.
 */
export async function ensureImages(
  host: ComposeHost,
  release: DeployedRelease,
  guard: () => Promise<void> = async () => undefined,
): Promise<{ readonly service: string; readonly problem: string } | null> {
  const { world, services } = host;
  const client = createRegistryClient(world, host.registry ?? REGISTRY_DEFAULTS);
  for (const service of services) {
    const reference = release.references?.[service];
    const image = release.services[service];
    if (reference === undefined || image === undefined) continue;
    if ((await findImage(world.run, reference))?.id === image) continue;
    await guard();
    world.log.info(`${service}: pulling ${reference}`);
    try {
      await client.pull(reference);
    } catch (error) {
      if (error instanceof RegistryError) return { service, problem: `${error.message}; ${error.remedy}` };
      throw error;
    }
    const pulled = await findImage(world.run, reference);
    if (pulled?.id !== image) {
      const got = pulled === null ? 'nothing' : pulled.id;
      return {
        service,
        problem: `${reference} gave ${got} instead of ${image}, the image that was recorded: the digest was moved`,
      };
    }
  }
  return null;
}

/** Says where a release's tag in the registry was moved since it was pushed. It is deployed by digest, so this changes nothing. */
export async function tellMovedTags(host: ComposeHost, release: DeployedRelease): Promise<void> {
  const { world, registry, services, images } = host;
  if (registry === undefined) return;
  const client = createRegistryClient(world, { ...registry, attempts: 1, timeout: '10s' });
  await Promise.all(
    services.map(async (service) => {
      const reference = release.references?.[service];
      const image = images[service];
      if (reference === undefined || image === undefined || !reference.startsWith(`${registry.prefix}/`)) return;
      const tag = registryTag(registry, image, release.version);
      try {
        const found = await client.find(tag);
        if (found?.reference === reference) return;
        const now =
          found === null ? 'is gone from the registry' : `was moved to ${found.reference.replace(/^.*@/, '')}`;
        world.log.warn(`${service}: the tag ${tag} ${now} since it was pushed; ${reference} is deployed`);
      } catch (error) {
        if (!(error instanceof RegistryError)) throw error;
        world.log.info(`${service}: nobody can say whether ${tag} was moved (${error.message})`);
      }
    }),
  );
}
