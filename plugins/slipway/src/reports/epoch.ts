/** Before and after these no report of today was made: 2000 and 2100. */
const EARLIEST = Date.UTC(2000, 0);
const LATEST = Date.UTC(2100, 0);

/** A number of milliseconds or seconds since 1970 as ISO 8601, UTC; null where it can't be the time of a report: no verdict rests on it. */
export function fromEpoch(time: unknown, unit: 'milliseconds' | 'seconds'): string | null {
  if (typeof time !== 'number' || !Number.isFinite(time)) return null;
  const milliseconds = unit === 'seconds' ? time * 1000 : time;
  return milliseconds >= EARLIEST && milliseconds < LATEST ? new Date(milliseconds).toISOString() : null;
}

/** The same for digits in text; which unit they count is told by their size, as writers of one format differ in it. */
export function fromEpochText(text: string | undefined): string | null {
  if (text === undefined || !/^\d{9,17}(\.\d{1,9})?$/.test(text)) return null;
  return fromEpoch(Number(text), 'milliseconds') ?? fromEpoch(Number(text), 'seconds');
}
