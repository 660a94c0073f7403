import type { FreezeWindow, WeeklyFreeze } from '../config/deployment/freeze-windows';
import { addDays, asUtc, zoneClock } from './zone-clock';

/** A stretch of time at which nothing is deployed, from one window. */
export interface Freeze {
  readonly reason: string;
  readonly from: Date;
  /** The first moment after it. */
  readonly to: Date;
  /** IANA name, or an offset such as `+01:00`; how times are told. */
  readonly timeZone: string;
}

export interface FreezeState {
  /** The one that holds now; of several the one that ends last. */
  readonly current: Freeze | null;
  /** When deployments are allowed again, windows that follow without a gap counted in; null where nothing is frozen, or no gap is in sight. */
  readonly until: Date | null;
  /** The next one to begin after that. */
  readonly next: Freeze | null;
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const DAY = 24 * 3_600_000;
/** Windows that follow each other without a gap; more are taken for a freeze without end. */
const MOST_IN_A_ROW = 60;

/**
 * Which freeze holds at a moment, until when, and which comes next within `ahead` days. Pure.
 * Weekly windows go by the clocks of their time zone: one that begins in an hour that clocks skip begins when they change; one that ends
 * in an hour that comes twice ends the second time.
 */
export function freezeAt(windows: readonly FreezeWindow[], now: Date, ahead = 7): FreezeState {
  const current = activeAt(windows, now);
  const until = current === null ? null : endOf(windows, current);
  if (current !== null && until === null) return { current, until, next: null };
  const after = until ?? now;
  const horizon = now.getTime() + ahead * DAY;
  const next = freezesNear(windows, now, ahead)
    .filter(({ from }) => from > after && from.getTime() <= horizon)
    .sort((a, b) => a.from.getTime() - b.from.getTime())[0];
  return { current, until, next: next ?? null };
}

function activeAt(windows: readonly FreezeWindow[], now: Date): Freeze | null {
  const active = freezesNear(windows, now, 0).filter(({ from, to }) => from <= now && now < to);
  return active.reduce<Freeze | null>((best, one) => (best === null || one.to > best.to ? one : best), null);
}

/** Where windows follow without a gap, the end of the last one. */
function endOf(windows: readonly FreezeWindow[], current: Freeze): Date | null {
  let last: Freeze | null = current;
  let end = current.to;
  for (let count = 0; count < MOST_IN_A_ROW; count++) {
    last = activeAt(windows, end);
    if (last === null) return end;
    end = last.to;
  }
  return null;
}

/** @param ahead days after `now` on which weekly windows may begin. */
function freezesNear(windows: readonly FreezeWindow[], now: Date, ahead: number): readonly Freeze[] {
  return windows.flatMap((window) => (isWeekly(window) ? weeklyFreezes(window, now, ahead) : [onceFreeze(window)]));
}

function isWeekly(window: FreezeWindow): window is WeeklyFreeze {
  return 'days' in window;
}

function onceFreeze({ reason, from, to }: Exclude<FreezeWindow, WeeklyFreeze>): Freeze {
  // The schema lets only moments with an offset through.
  const offset = /(Z|[+-]\d{2}:\d{2})$/.exec(to)?.[0] ?? 'Z';
  return { reason, from: new Date(from), to: new Date(to), timeZone: offset === 'Z' ? 'UTC' : offset };
}

function weeklyFreezes(
  { reason, days, from, to, timeZone }: WeeklyFreeze,
  now: Date,
  ahead: number,
): readonly Freeze[] {
  const clock = zoneClock(timeZone);
  const today = clock.at(now);
  const found: Freeze[] = [];
  // The one that began yesterday may still hold; a day more, for zones that skipped one.
  for (let day = -2; day <= ahead + 1; day++) {
    const date = addDays(today, day);
    const weekday = DAYS[new Date(asUtc(date)).getUTCDay()];
    if (weekday === undefined || !days.includes(weekday)) continue;
    const begin = clock.moment({ ...date, ...timeOfDay(from) }, 'first');
    const last = to > from ? date : addDays(date, 1);
    const end = clock.moment({ ...last, ...timeOfDay(to) }, 'last');
    // Empty where clocks skipped all of it.
    if (end > begin) found.push({ reason, from: begin, to: end, timeZone });
  }
  return found;
}

/** @param text `HH:MM`. */
function timeOfDay(text: string): { readonly hour: number; readonly minute: number } {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return { hour, minute };
}
