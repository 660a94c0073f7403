import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RunError } from '../../io/exec';
import { PATIENCE, type Check } from './check';
import { bad, good } from './diagnosis';

const MANIFESTS = ['pyproject.toml', 'setup.py', 'requirements.txt'];

/** Needed where a project of the release is written in it. */
export const checkPython: Check = {
  name: 'python',
  async examine({ context: { world, members } }) {
    const projects = members.filter(({ root }) =>
      MANIFESTS.some((manifest) => existsSync(join(world.root, root, manifest))),
    );
    if (projects.length === 0) return [];
    const names = projects.map(({ name }) => name).join(', ');
    try {
      const { exitCode, stdout, stderr } = await world.run(['python3', '--version'], { timeout: PATIENCE });
      const said = `${stdout}${stderr}`.trim();
      return exitCode === 0 && /^Python 3\./.test(said)
        ? [good('python', said.replace('Python ', ''))]
        : [bad('python', `python3 does not work: ${said}`, `install Python 3, for ${names}`)];
    } catch (error) {
      if (!(error instanceof RunError) || error.failure !== 'notFound') throw error;
      return [bad('python', 'there is no python3 on the PATH', `install Python 3, for ${names}`)];
    }
  },
};
