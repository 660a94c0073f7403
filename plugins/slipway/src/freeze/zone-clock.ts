/** A time of day on a calendar day, as clocks on the wall of a time zone show it. */
export interface WallTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

/** What the clocks of one time zone show, by the system's own time zone data. */
export interface ZoneClock {
  at(moment: Date): WallTime;
  /**
   * When clocks show a time. One that is skipped (clocks go forward) stands for the moment of the change; of one that comes twice (clocks
   * go back), `turn` says which is meant.
   */
  moment(wall: WallTime, turn: 'first' | 'last'): Date;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** @param timeZone IANA name. @throws {RangeError} for one that is unknown. */
export function zoneClock(timeZone: string): ZoneClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });

  const at = (moment: Date): WallTime => {
    const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour'), minute: part('minute') };
  };

  /** How far the zone's clocks are ahead of UTC, in milliseconds; to the minute. */
  const offset = (time: number): number => asUtc(at(new Date(time))) - Math.floor(time / MINUTE) * MINUTE;

  const moment = (wall: WallTime, turn: 'first' | 'last'): Date => {
    const shown = asUtc(wall);
    // Zones change their clocks at most once in two days.
    const before = shown - offset(shown - DAY);
    const after = shown - offset(shown + DAY);
    const matching = [before, after].filter((time) => time + offset(time) === shown);
    if (matching.length > 0) return new Date(turn === 'first' ? Math.min(...matching) : Math.max(...matching));
    return new Date(changeBetween(after, before));
  };

  /** The first minute after `low` at which clocks show what they do at `high`. */
  const changeBetween = (low: number, high: number): number => {
    const late = offset(high);
    let [early, end] = [low, high];
    while (end - early > MINUTE) {
      const middle = Math.floor((early + end) / 2 / MINUTE) * MINUTE;
      if (offset(middle) === late) end = middle;
      else early = middle;
    }
    return end;
  };

  return { at, moment };
}

/** As if clocks showed UTC; milliseconds. */
export function asUtc({ year, month, day, hour, minute }: WallTime): number {
  return Date.UTC(year, month - 1, day, hour, minute);
}

/** The calendar day some days later, at midnight. */
export function addDays({ year, month, day }: WallTime, days: number): WallTime {
  const date = new Date(Date.UTC(year, month - 1, day + days));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), hour: 0, minute: 0 };
}
