import type { ImageConfig, RegistryConfig } from '../config/schema';
import type { World } from '../io/world';
import type { ServiceDigests } from '../ledger/events';
import { docker, EngineError } from './engine';
import { createRegistryClient, nameOf, type RegistryClient } from './registry-client';

export interface PushImagesOptions {
  readonly registry: RegistryConfig;
  readonly images: Readonly<Record<string, ImageConfig>>;
  /** Image ids to push, by service. */
  readonly services: ServiceDigests;
  readonly version: string;
}

export interface PushedImages {
  /** `host/name@sha256:…` of each, by service. */
  readonly references: ServiceDigests;
  /** Services that the registry did not have. */
  readonly pushed: readonly string[];
}

/** Name and tag that an image of a release is pushed by. */
export function registryTag({ prefix }: Pick<RegistryConfig, 'prefix'>, image: ImageConfig, version: string): string {
  return `${prefix}/${image.repository}:${version}`;
}

/**
 * Sees to it that the registry has each image of a release, and pushes what it lacks. A tag that held another image is moved, and that is
 * told: what is deployed goes by digest.
 *
 * @throws {RegistryError} or {EngineError}, each with its remedy. What was pushed before stays, and is found next time.
 */
export async function pushImages(
  world: World,
  { registry, images, services, version }: PushImagesOptions,
): Promise<PushedImages> {
  const client = createRegistryClient(world, registry);
  const references: Record<string, string> = {};
  const pushed: string[] = [];
  for (const [service, image] of Object.entries(services)) {
    const config = images[service];
    if (config === undefined) throw new Error(`${service} is not among the images`);
    const tag = registryTag(registry, config, version);
    const there = await client.find(tag);
    if (there?.image === image) {
      world.log.info(`${service}: ${tag} is in the registry already`);
      references[service] = there.reference;
      continue;
    }
    if (there !== null)
      world.log.warn(`${service}: ${tag} held another image, ${there.reference.replace(/^.*@/, '')}, and is moved`);
    references[service] = await push(world, client, service, image, tag);
    pushed.push(service);
  }
  return { references, pushed };
}

async function push(
  world: World,
  client: RegistryClient,
  service: string,
  image: string,
  tag: string,
): Promise<string> {
  world.stop.check();
  const tagged = await docker(world.run, ['tag', image, tag]);
  if (tagged.exitCode !== 0)
    throw new EngineError(`${image} can't be tagged ${tag}: ${tagged.stderr.trim()}`, `docker tag ${image} ${tag}`);
  world.log.info(`${service}: pushing ${tag}`);
  return `${nameOf(tag)}@${await client.push(tag)}`;
}
