import { createHash } from 'node:crypto';
import type { ImageConfig } from '../config/schema';
import { commitEntries, treeDigest, type Blank } from '../evidence/subject';
import type { World } from '../io/world';
import { EngineError, findImage } from './engine';

/** What an image can't be built from, and what to do about it. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

/** Part of every digest: another way of computing it must not find images of this one. */
const SCHEME = 'slipway-context-v1';
const TAG_DIGITS = 16;

/** The name by which an image built from a context of this digest is found again: `<repository>:ctx-<16 hex>`. */
export function imageReference(config: Pick<ImageConfig, 'repository'>, digest: string): string {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new RangeError(`"${digest}" is no SHA-256 digest in hexadecimal`);
  return `${config.repository}:ctx-${digest.slice(0, TAG_DIGITS)}`;
}

/** What the digest of a context is made of. */
export interface ContextParts {
  /** Digest over the context's files, manifests version-blanked. */
  readonly tree: string;
  /** Blob id of the Dockerfile. */
  readonly dockerfile: string;
  /** Base images by name and local id. */
  readonly base: readonly (readonly [name: string, id: string])[];
}

/** SHA-256 in hexadecimal. The order of base images does not matter. */
export function combineContext({ tree, dockerfile, base }: ContextParts): string {
  const bases = base.map(([name, id]) => `base ${JSON.stringify(name)} ${id}`).sort();
  return createHash('sha256')
    .update([SCHEME, `tree ${tree}`, `dockerfile ${dockerfile}`, ...bases, ''].join('\n'))
    .digest('hex');
}

/**
 * Digest of everything that an image is built from at a commit. Versions don't count: version and commit come into
 * containers at deployment, so a service whose version alone moved keeps its image.
 *
 * @throws {ImageError} when a context path, the Dockerfile or a base image is missing.
 */
export async function contextDigest(
  world: Pick<World, 'git' | 'run'>,
  service: string,
  commit: string,
  config: ImageConfig,
  blank: Blank,
): Promise<string> {
  const dockerfile = await objectAt(world, commit, config.dockerfile);
  if (dockerfile === null) {
    throw new ImageError(
      `the Dockerfile of ${service}, ${config.dockerfile}, does not exist at commit ${commit.slice(0, 10)}`,
      `commit it, or correct images.${service}.dockerfile in slipway.json`,
    );
  }
  for (const path of config.context) {
    if ((await objectAt(world, commit, path)) !== null) continue;
    throw new ImageError(
      `${path}, part of the build context of ${service}, does not exist at commit ${commit.slice(0, 10)}`,
      `commit it, or correct images.${service}.context in slipway.json`,
    );
  }
  const entries = await commitEntries(world.git, commit, config.context, blank);
  return combineContext({ tree: treeDigest(entries), dockerfile, base: await baseIds(world, service, config) });
}

async function baseIds({ run }: Pick<World, 'run'>, service: string, config: ImageConfig): Promise<[string, string][]> {
  return Promise.all(
    config.base.map(async (name): Promise<[string, string]> => {
      const image = await findImage(run, name);
      if (image === null) {
        throw new EngineError(
          `${name}, the base image of ${service}, is not on this engine`,
          `docker pull ${name} (or, where no registry can be reached, make an image of that name with this workspace's tools or with debootstrap and docker import)`,
        );
      }
      return [name, image.id];
    }),
  );
}

/** Id of the blob or tree at a path of a commit, or null where there is none. */
async function objectAt({ git }: Pick<World, 'git'>, commit: string, path: string): Promise<string | null> {
  const plain = path.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
  // Relative to the workspace, which may be a folder of its repository.
  const result = await git.run(['rev-parse', '--verify', '--quiet', `${commit}:./${plain === '.' ? '' : plain}`]);
  const id = result.stdout.trim();
  return result.exitCode === 0 && id !== '' ? id : null;
}
