import { tellMoment } from '../freeze/tell-freeze';
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
    const end = freeze.until === null ? 'for good: its windows leave no gap' : `until ${at(freeze.until, freeze)}`;
    notes.push(paint('yellow', `  ${environment} is frozen: "${oneLine(freeze.reason)}" ${end}`));
  }
  if (nextFreeze !== null) {
    const { reason, from, to } = nextFreeze;
    notes.push(
      `  ${environment} will be frozen: "${oneLine(reason)}" from ${at(from, nextFreeze)} until ${at(to, nextFreeze)}`,
    );
  }
  if (affected !== null) notes.push(`  ${environment} affected: ${oneLine(tellAffected(affected))}`);
  for (const { told } of bypasses) notes.push(paint('yellow', `  ${oneLine(told)}`));
  for (const { name, what, due, overdue, settle } of debts) {
    const when = overdue ? `OVERDUE since ${showMoment(due)}` : `due ${showMoment(due)}`;
    const line = `  ${environment} owes ${oneLine(name)}, ${when}: ${oneLine(what)} (${oneLine(settle)})`;
    notes.push(overdue ? paint('red', line) : line);
  }
  return notes;
}

function at(moment: string, { timeZone }: FreezeWindowStatus): string {
  return tellMoment(new Date(moment), timeZone);
}
