import type { Freeze, FreezeState } from './freeze-at';
import { zoneClock } from './zone-clock';

/** A moment for a person, in the time zone where a freeze was meant, and in UTC: `Sat 2027-01-02 00:00 Europe/Berlin (2027-01-01 23:00 UTC)`. */
export function tellMoment(moment: Date, timeZone: string): string {
  const utc = `${minutes(moment)} UTC`;
  if (timeZone === 'UTC') return `${weekday(moment)} ${utc}`;
  const there = shiftedTo(moment, timeZone);
  return `${weekday(there)} ${minutes(there)} ${timeZone} (${utc})`;
}

/** How long it is frozen, and why: `"closing of the year" until …`. */
export function tellCurrent({ current, until }: FreezeState): string | null {
  if (current === null) return null;
  const end = until === null ? 'for good: its windows leave no gap' : `until ${tellMoment(until, current.timeZone)}`;
  return `"${current.reason}" ${end}`;
}

/** The next one: `"weekend" from … until …`. */
export function tellNext({ reason, from, to, timeZone }: Freeze): string {
  return `"${reason}" from ${tellMoment(from, timeZone)} until ${tellMoment(to, timeZone)}`;
}

/** As if clocks in UTC showed what those of the zone do. */
function shiftedTo(moment: Date, timeZone: string): Date {
  const [, sign, hours, rest] = /^([+-])(\d{2}):(\d{2})$/.exec(timeZone) ?? [];
  if (sign === undefined) {
    const { year, month, day, hour, minute } = zoneClock(timeZone).at(moment);
    return new Date(Date.UTC(year, month - 1, day, hour, minute));
  }
  const ahead = (Number(hours) * 60 + Number(rest)) * 60_000;
  return new Date(moment.getTime() + (sign === '-' ? -ahead : ahead));
}

function minutes(moment: Date): string {
  return moment.toISOString().slice(0, 16).replace('T', ' ');
}

function weekday(moment: Date): string {
  return ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][moment.getUTCDay()] ?? '';
}
