import { statfs } from 'node:fs/promises';
import { docker, EngineError } from '../../image/engine';
import { errorCode } from '../../io/error-code';
import { dockerContexts, inContext, named, PATIENCE, type Check } from './check';
import { bad, good, unknown, type Diagnosis } from './diagnosis';

const GIB = 1024 ** 3;
/** Bytes that a release's images, a backup and a container beside another one take, roughly. */
const ENOUGH = 2 * GIB;

export const checkDisk: Check = {
  name: 'disk',
  async examine(examined) {
    const { world } = examined.context;
    const found = [await space('disk of the workspace', world.root)];
    for (const context of dockerContexts(examined)) {
      const name = named('disk of docker', context);
      try {
        const endpoint = await docker(
          world.run,
          ['context', 'inspect', ...(context === null ? [] : [context]), '--format', '{{.Endpoints.docker.Host}}'],
          { timeout: PATIENCE },
        );
        const info = await docker(world.run, [...inContext(context), 'info', '--format', '{{.DockerRootDir}}'], {
          timeout: PATIENCE,
        });
        const near = endpoint.exitCode === 0 && endpoint.stdout.trim().startsWith('unix:');
        found.push(
          near && info.exitCode === 0
            ? await space(name, info.stdout.trim())
            : unknown(name, 'the engine runs elsewhere, and engines do not tell', 'look there: df -h'),
        );
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        found.push(unknown(name, error.message, error.remedy));
      }
    }
    return found;
  },
};

async function space(name: string, path: string): Promise<Diagnosis> {
  try {
    const { bavail, bsize, blocks } = await statfs(path);
    const free = bavail * bsize;
    const told = `${(free / GIB).toFixed(1)} of ${((blocks * bsize) / GIB).toFixed(1)} GiB free`;
    return free >= ENOUGH
      ? good(name, told)
      : bad(
          name,
          `${told}; a deployment may need ${ENOUGH / GIB}`,
          'make room: docker system df, docker builder prune',
        );
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOENT' && code !== 'EACCES') throw error;
    return unknown(name, 'its folder can not be seen from here', 'look there: df -h');
  }
}
