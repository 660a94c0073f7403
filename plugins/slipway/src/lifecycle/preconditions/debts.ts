import { subjectOf } from '../at-head';
import { command } from '../context';
import { debtName, openDebts } from '../emergency/debts';
import { unmet, type Check } from './precondition';

/**
 * Whether what emergencies left to do is done. It holds up the next release, not the one that came by the emergency lane: the tag for
 * every environment's debts, a deployment for those of its own.
 */
export const debtsSettled: Check = ({ context, situation, environment }) => {
  const version = subjectOf(situation).record?.version ?? null;
  const debts = openDebts(situation).filter(
    (debt) => debt.version !== version && (environment === null || debt.environment === environment),
  );
  const first = debts[0];
  if (first === undefined) return null;
  const releases = [...new Set(debts.map((debt) => `${debt.version} in ${debt.environment}`))].join(' and ');
  const names = debts.map(({ id }) => id).join(', ');
  return unmet(
    'debtsSettled',
    `the emergency deployment of ${releases} left ${debts.length === 1 ? 'a debt' : `${debts.length} debts`} open: ${names}`,
    `do what is to be done, then say so for each: ${command(context, 'release-bypass', `--settle=${debtName(first)}`, '--note="…"')}`,
  );
};
