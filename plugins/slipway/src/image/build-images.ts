import { join } from 'node:path';
import type { ImageConfig } from '../config/schema';
import type { Blank } from '../evidence/subject';
import type { Log, World } from '../io/world';
import { contextDigest, ImageError, imageReference } from './context-digest';
import { dockerBuild } from './docker-build';
import { docker, dockerText, EngineError, findImage } from './engine';

/** Labels of every image that Slipway builds. */
export const CONTEXT_LABEL = 'slipway.context';
export const COMMIT_LABEL = 'slipway.commit';

export interface BuildImagesOptions {
  /** Full commit id that images are built from. */
  readonly commit: string;
  /** Images by service. */
  readonly images: Readonly<Record<string, ImageConfig>>;
  readonly blank: Blank;
  /** Where given, every image is tagged `<repository>:<version>` too; for people, nothing relies on it. */
  readonly version?: string;
  readonly log?: Log;
}

export interface ServiceImage {
  /** Image id, `sha256:…`. */
  readonly image: string;
  /** Digest of the build context, hexadecimal. */
  readonly context: string;
  /** `<repository>:ctx-<16 hex>` */
  readonly reference: string;
  /** False where an image of this very context was there already. */
  readonly built: boolean;
}

/**
 * Makes sure that every service has an image of its context at the commit, and builds only those that have none.
 * One after the other: they share layers and a machine.
 *
 * @throws {ImageError} or {EngineError}, each with its remedy. Images built before the failure stay and are found next time.
 */
export async function buildImages(
  world: World,
  options: BuildImagesOptions,
): Promise<Readonly<Record<string, ServiceImage>>> {
  const log = options.log ?? world.log;
  // Asked first, so that an engine that is not there is not taken for a missing base image.
  await dockerText(world.run, ['version', '--format', '{{.Server.Version}}']);
  const result: Record<string, ServiceImage> = {};
  for (const [service, config] of Object.entries(options.images)) {
    world.stop.check();
    const context = await contextDigest(world, service, options.commit, config, options.blank);
    const reference = imageReference(config, context);
    const existing = await findBuilt({ ...world, log }, service, reference, context);
    if (existing !== null) log.info(`${service}: unchanged, keeps its image ${reference}`);
    const image = existing ?? (await build({ ...world, log }, service, config, options.commit, context, reference));
    if (options.version !== undefined) await tag(world, image, `${config.repository}:${options.version}`);
    result[service] = { image, context, reference, built: existing === null };
  }
  return result;
}

/** The image of this name, where it is really ours: a tag can be moved by anyone, so its label has to hold the whole digest. */
async function findBuilt(world: World, service: string, reference: string, context: string): Promise<string | null> {
  const image = await findImage(world.run, reference);
  if (image === null) return null;
  if (image.labels[CONTEXT_LABEL] === context) return image.id;
  world.log.warn(`${service}: ${reference} was not built from this context, so it is built anew`);
  return null;
}

async function build(
  world: World,
  service: string,
  config: ImageConfig,
  commit: string,
  context: string,
  reference: string,
): Promise<string> {
  world.log.info(`${service}: building ${reference} from ${commit.slice(0, 10)}`);
  const image = await dockerBuild(world, {
    service,
    commit,
    context: config.context,
    dockerfile: config.dockerfile,
    labels: { [CONTEXT_LABEL]: context, [COMMIT_LABEL]: commit },
    logFile: join(world.root, '.slipway', 'images', `${service}-${context.slice(0, 16)}.log`),
  });
  const found = await findImage(world.run, image);
  if (found === null || found.labels[CONTEXT_LABEL] !== context) {
    throw new ImageError(
      `the engine does not know the image of ${service} that it has just built, ${image}`,
      'docker images',
    );
  }
  await tag(world, found.id, reference);
  return found.id;
}

async function tag(world: World, image: string, name: string): Promise<void> {
  const result = await docker(world.run, ['tag', image, name]);
  if (result.exitCode !== 0) {
    throw new EngineError(`${image} can't be tagged ${name}: ${result.stderr.trim()}`, `docker tag ${image} ${name}`);
  }
}
