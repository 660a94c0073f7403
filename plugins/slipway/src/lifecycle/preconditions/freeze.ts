import { freezeAt } from '../../freeze/freeze-at';
import { tellCurrent } from '../../freeze/tell-freeze';
import { command } from '../context';
import { unmet, type Check } from './precondition';

/** Whether deployments are allowed now. Stands before a deployment only: a rollback is never held up. */
export const notFrozen: Check = ({ context, situation, environment }) => {
  const windows = environment === null ? [] : (context.config.environments[environment]?.freezes ?? []);
  const told = tellCurrent(freezeAt(windows, situation.now));
  if (told === null) return null;
  const env = `--env=${environment}`;
  return unmet(
    'notFrozen',
    `${environment} is frozen: ${told}`,
    `wait until it is over. Allowed meanwhile: going back (${command(context, 'release-rollback', env)}), and in an emergency, with a second person, ${command(context, 'release-bypass', env, '--reason="…"')}`,
  );
};
