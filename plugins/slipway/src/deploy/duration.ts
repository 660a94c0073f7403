const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Milliseconds of a duration such as `500ms`, `30s`, `5m`, `1h` or `30d`.
 * @throws {RangeError} on anything else; the configuration's schema lets nothing else through.
 */
export function milliseconds(duration: string): number {
  const [, amount, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(duration) ?? [];
  const factor = UNITS[unit ?? ''];
  if (amount === undefined || factor === undefined) throw new RangeError(`${duration} is no duration`);
  return Number(amount) * factor;
}

/** For a person: `800 ms`, `12 s`, `3 min 20 s`. */
export function showDuration(value: number): string {
  if (value < 1_000) return `${Math.round(value)} ms`;
  const seconds = Math.round(value / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const rest = seconds % 60;
  return rest === 0 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 60)} min ${rest} s`;
}
