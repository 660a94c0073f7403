import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../io/error-code';
import type { Git } from '../../io/git';
import type { Check } from './check';
import { bad, good, type Diagnosis } from './diagnosis';

const WORLD = 0o006;

/** Whether the files of variables are there, and kept from others. What git tracks is no secret. */
export const checkEnvFiles: Check = {
  name: 'environment files',
  async examine({ context: { world }, environments }) {
    const found: Diagnosis[] = [];
    for (const { name, config } of environments) {
      for (const { path, required } of config.envFiles) {
        const mode = await modeOf(join(world.root, path));
        if (mode !== null) found.push(await diagnose(world.git, name, path, mode));
        else if (required)
          found.push(bad(`files of ${name}`, `${path} is missing`, `write it on this host, mode 0600: ${path}`));
      }
    }
    return found;
  },
};

async function diagnose(git: Git, environment: string, path: string, mode: number): Promise<Diagnosis> {
  const name = `files of ${environment}`;
  const shown = (mode & 0o777).toString(8).padStart(4, '0');
  if ((mode & WORLD) === 0) return good(name, `${path}, mode ${shown}`);
  if ((await git.run(['ls-files', '--error-unmatch', '--', path])).exitCode === 0)
    return good(name, `${path}, tracked by git`);
  return bad(name, `${path} can be read by everyone on this host (mode ${shown})`, `chmod 600 ${path}`);
}

async function modeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mode;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
    throw error;
  }
}
