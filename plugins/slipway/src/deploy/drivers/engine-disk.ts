import { statfs } from 'node:fs/promises';
import { docker, dockerText } from '../../image/engine';
import type { World } from '../../io/world';
import type { Refusal } from '../../ledger/outcome';

/** Bytes below which a deployment is not begun: containers and their logs could not be written. */
const LEAST = 128 * 1024 * 1024;
/** Address of an engine on this machine. */
const LOCAL = /^(?:unix:\/\/|npipe:\/\/)/;

/**
 * Refuses where the disk of a local engine is as good as full. Of an engine elsewhere nothing is known.
 * @param local where it is asked already
 */
export async function diskRefusals(
  world: World,
  environment: string,
  local?: Promise<boolean>,
): Promise<readonly Refusal[]> {
  const free = await freeBytes(world, local);
  if (free === null || free >= LEAST) return [];
  return [
    {
      id: 'disk',
      reason: `the disk of the engine that runs ${environment} has ${Math.floor(free / 1024 / 1024)} MiB left`,
      remedy: 'make room (docker system df shows what takes it), then try again',
    },
  ];
}

/** Bytes that are free where the engine keeps its data; null where this can't be told from here. */
export async function freeBytes(
  { run, env }: Pick<World, 'run' | 'env'>,
  local = isLocal({ run, env }),
): Promise<number | null> {
  const [folder, isHere] = await Promise.all([dockerText(run, ['info', '--format', '{{.DockerRootDir}}']), local]);
  if (!isHere) return null;
  try {
    const { bavail, bsize } = await statfs(folder.trim());
    return bavail * bsize;
  } catch {
    // An engine in a virtual machine, or a folder that this user may not enter.
    return null;
  }
}

/** Whether the engine is on this machine, as far as its address tells. */
export async function isLocal({ run, env }: Pick<World, 'run' | 'env'>): Promise<boolean> {
  // Asked in the way that every docker program of the environment is run, so that its context counts.
  const context = await docker(run, ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}']);
  return LOCAL.test(context.exitCode === 0 ? context.stdout.trim() : (env['DOCKER_HOST'] ?? ''));
}
