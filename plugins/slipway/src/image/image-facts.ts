import type { World } from '../io/world';
import { COMMIT_LABEL } from './build-images';
import { EngineError, findImage } from './engine';

export interface ImageFacts {
  /** As the image names it; empty where it names none. */
  readonly user: string;
  /** Its own health check; null where it has none, or switches it off. */
  readonly healthcheck: readonly string[] | null;
  /** Commit whose context it was built from. */
  readonly commit: string | null;
}

/**
 * What the engine says of images that it has.
 * @throws {EngineError} for one that it does not have.
 */
export async function imageFacts(
  { run }: Pick<World, 'run'>,
  services: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, ImageFacts>>> {
  const facts: Record<string, ImageFacts> = {};
  for (const [service, digest] of Object.entries(services)) {
    const image = await findImage(run, digest);
    if (image === null)
      throw new EngineError(`the engine does not know ${digest}, the image of ${service}`, 'docker images');
    facts[service] = { user: image.user, healthcheck: image.healthcheck, commit: image.labels[COMMIT_LABEL] ?? null };
  }
  return facts;
}
