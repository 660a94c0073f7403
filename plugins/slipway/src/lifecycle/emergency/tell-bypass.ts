import type { Bypass } from '../../ledger/emergency-state';
import { showMoment } from '../../render/moment';
import { command, type StepContext } from '../context';
import type { Situation } from '../situation';
import { isExpired, isSpent, peopleOf, type Lane } from './bypass-for';

type Context = Pick<StepContext, 'owner' | 'config'>;

/** What keeps a bypass from being used; null where nothing does. */
export type Standing = 'waiting' | 'granted' | 'expired' | 'used';

export function standingOf({ config }: Pick<StepContext, 'config'>, bypass: Bypass, now: Date): Standing {
  if (isSpent(bypass)) return 'used';
  if (isExpired(bypass, now)) return 'expired';
  return peopleOf(bypass).length < config.emergency.people ? 'waiting' : 'granted';
}

/** What a deployment that is refused should know of bypasses of its commit: that one waits for people, is used up, or too old. */
export function bypassNotes(context: Context, situation: Situation, environment: string): readonly string[] {
  const latest = (situation.bypasses.get(environment) ?? []).findLast(({ commit }) => commit === situation.tree.head);
  return latest === undefined ? [] : [tellBypass(context, latest, environment, situation.now)];
}

/** One line of a bypass: who asked, for what, and what comes next. */
export function tellBypass(context: Context, bypass: Bypass, environment: string, now: Date): string {
  const { id, version, preconditions } = bypass;
  const validUntil = showMoment(bypass.validUntil);
  const people = peopleOf(bypass);
  const names = people.map(({ by }) => by.replace(/ <.*/, '')).join(' and ');
  const head = `Bypass ${id} (${version} to ${environment}, over ${preconditions.join(', ')}), asked for by ${names}`;
  const lacking = context.config.emergency.people - people.length;
  switch (standingOf(context, bypass, now)) {
    case 'waiting':
      return `${head}: ${lacking === 1 ? 'one more person has' : `${lacking} more people have`} to ask for it, until ${validUntil}: ${command(context, 'release-bypass', `--env=${environment}`, '--reason="…"')}`;
    case 'granted':
      return `${head}: lets in what it was asked for, and only that, until ${validUntil}`;
    case 'expired':
      return `${head}: could be used until ${validUntil}, and is void now`;
    case 'used':
      return `${head}: served its one deployment`;
  }
}

/** Said before a deployment that goes by the emergency lane. */
export function tellLane({ bypass, over, debts }: Lane): string {
  const left =
    debts === null ? 'its debts stand in the ledger' : `debts: ${debts.debts.map(({ id }) => id).join(', ')}`;
  return `By the emergency lane, bypass ${bypass}: passes over ${over.join(', ')}; ${left}`;
}
