import semver from 'semver';
import { docker, EngineError } from '../../image/engine';
import { PATIENCE, type Check } from './check';
import { bad, good } from './diagnosis';

/** Waits for services to turn healthy, with a limit. */
const OLDEST = '2.17.0';

export const checkCompose: Check = {
  name: 'compose',
  async examine({ context: { world }, environments }) {
    if (!environments.some(({ config }) => config.driver === 'compose')) return [];
    try {
      const { exitCode, stdout, stderr } = await docker(world.run, ['compose', 'version', '--short'], {
        timeout: PATIENCE,
      });
      const version = semver.coerce(stdout)?.version ?? null;
      if (exitCode !== 0 || version === null)
        return [
          bad(
            'compose',
            `docker compose does not work: ${stderr.trim() || stdout.trim()}`,
            'install the Compose v2 plugin',
          ),
        ];
      if (semver.lt(version, OLDEST))
        return [bad('compose', `${version} is too old`, `install the Compose plugin ${OLDEST} or newer`)];
      return [good('compose', version)];
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      return [bad('compose', error.message, error.remedy)];
    }
  },
};
