const MOMENT = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?Z$/;

/** A moment for a person, to the minute: `2026-11-24 00:06 UTC`. Anything but ISO 8601 in UTC stays as it is. */
export function showMoment(iso: string): string {
  return iso.replace(MOMENT, '$1 $2 UTC');
}
