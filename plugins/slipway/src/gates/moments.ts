export const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Clocks of two machines may differ a little. */
const AHEAD = 5 * 60_000;

/** Whether a moment (ISO 8601) lies in the future, or is none: then nothing dated by it can be relied on. */
export function isAhead(moment: string, now: Date): boolean {
  const time = Date.parse(moment);
  return Number.isNaN(time) || time > now.getTime() + AHEAD;
}

/** `3 h ago`, `2 days ago`; cut off, not rounded. */
export function ago(moment: string, now: Date): string {
  const age = Math.max(0, now.getTime() - Date.parse(moment));
  if (age < HOUR) return `${Math.floor(age / 60_000)} min ago`;
  return age < 2 * DAY ? `${Math.floor(age / HOUR)} h ago` : `${Math.floor(age / DAY)} days ago`;
}
