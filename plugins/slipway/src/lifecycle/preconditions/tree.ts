import { closest } from '../../config/suggest';
import { unmet, type Check } from './precondition';

export const environmentKnown: Check = ({ context, environment }) => {
  const known = Object.keys(context.config.environments);
  if (environment !== null && known.includes(environment)) return null;
  if (known.length === 0)
    return unmet(
      'environmentKnown',
      'no environment is configured',
      'describe one under "environments" in slipway.json',
    );
  const choices = known.map((name) => `--env=${name}`).join(' or ');
  if (environment === null || environment === '')
    return unmet('environmentKnown', 'the environment is missing', `say which one: ${choices}`);
  const meant = closest(environment, known);
  return unmet(
    'environmentKnown',
    `there is no environment "${environment}"${meant === null ? '' : ` (did you mean "${meant}"?)`}`,
    `say which one: ${choices}`,
  );
};

export const treeClean: Check = ({ situation: { tree } }) => {
  if (tree.dirty.length === 0) return null;
  const shown = tree.dirty.slice(0, 3).join(', ');
  const more = tree.dirty.length > 3 ? ` and ${tree.dirty.length - 3} more` : '';
  return unmet(
    'treeClean',
    `the work tree has changes that no commit holds: ${shown}${more}`,
    'commit or stash them: git stash --include-untracked',
  );
};
