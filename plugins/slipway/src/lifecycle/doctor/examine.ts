import { errorLine } from '../../io/error-message';
import { StoppedError } from '../../io/world';
import { checkClock } from './check-clock';
import { checkCompose } from './check-compose';
import { checkDisk } from './check-disk';
import { checkDocker } from './check-docker';
import { checkEnvFiles } from './check-env-files';
import { checkGit } from './check-git';
import { checkLocks } from './check-locks';
import { checkPython } from './check-python';
import { checkRemote } from './check-remote';
import type { Check, Examined } from './check';
import { unknown, type Diagnosis } from './diagnosis';

/** In the order in which they are told. */
export const CHECKS: readonly Check[] = [
  checkGit,
  checkRemote,
  checkLocks,
  checkDocker,
  checkCompose,
  checkPython,
  checkDisk,
  checkClock,
  checkEnvFiles,
];

/** Looks at everything that deployments to these environments rely on. One check that fails keeps none of the others from being told. */
export async function examine(examined: Examined, checks: readonly Check[] = CHECKS): Promise<readonly Diagnosis[]> {
  const found = await Promise.all(
    checks.map(async ({ name, examine: look }): Promise<readonly Diagnosis[]> => {
      try {
        return await look(examined);
      } catch (error) {
        if (error instanceof StoppedError || examined.context.world.stop.requested) throw error;
        return [unknown(name, errorLine(error))];
      }
    }),
  );
  return found.flat();
}
