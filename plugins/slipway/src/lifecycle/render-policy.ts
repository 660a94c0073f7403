import type { Freeze } from '../freeze/freeze-at';
import { tellCurrent, tellNext } from '../freeze/tell-freeze';
import { oneLine, type painter } from '../render';
import { showMoment } from '../render/moment';
import { tellAffected } from './affected';
import type { FreezeWindowStatus, PolicyStatus } from './policy-status';

/** What status says of an environment's rules, below its line in the table. */
export function policyNotes(
  environment: string,
  { freeze, nextFreeze, affected, bypasses, debts }: PolicyStatus,
  paint: ReturnType<typeof painter>,
): string[] {
  const notes: string[] = [];
  if (freeze !== null) {
    const until = freeze.until === null ? null : new Date(freeze.until);
    const told = tellCurrent({ current: windowOf(freeze), until, next: null });
    notes.push(paint('yellow', `  ${environment} is frozen: ${oneLine(told ?? '')}`));
  }
  if (nextFreeze !== null) notes.push(`  ${environment} will be frozen: ${oneLine(tellNext(windowOf(nextFreeze)))}`);
  if (affected !== null) notes.push(`  ${environment} affected: ${oneLine(tellAffected(affected))}`);
  for (const { told } of bypasses) notes.push(paint('yellow', `  ${oneLine(told)}`));
  for (const { name, what, due, overdue, settle } of debts) {
    const when = overdue ? `OVERDUE since ${showMoment(due)}` : `due ${showMoment(due)}`;
    const line = `  ${environment} owes ${oneLine(name)}, ${when}: ${oneLine(what)} (${oneLine(settle)})`;
    notes.push(overdue ? paint('red', line) : line);
  }
  return notes;
}

function windowOf({ reason, from, to, timeZone }: FreezeWindowStatus): Freeze {
  return { reason, from: new Date(from), to: new Date(to), timeZone };
}
