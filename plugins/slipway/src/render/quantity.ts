import type { CheckResult, Unit } from '../gates/check';

const SUFFIX: Readonly<Record<Unit, string>> = { percent: ' %', milliseconds: ' ms', count: '', hours: ' h' };
/** Decimals that are shown; more only where the value would look like its limit. */
const DIGITS = 2;
const MAX_DIGITS = 10;
/** Made once: setting one up takes longer than hundreds of uses. */
const DECIMALS = new Intl.NumberFormat('en-GB', { maximumFractionDigits: MAX_DIGITS });
const WHOLE = new Intl.NumberFormat('en-GB');

/** What was measured with its unit, e.g. `79.99 %`. A value that is not its limit never looks like it. Empty where nothing was measured. */
export function measuredText({ measured, limit, unit }: Pick<CheckResult, 'measured' | 'limit' | 'unit'>): string {
  if (measured === null) return '';
  // Cut off, not rounded up to its limit: 79.996 of at least 80 is 79.99.
  const shown =
    limit !== null && measured < limit ? cut : (value: number, digits: number) => Number(value.toFixed(digits));
  let digits = DIGITS;
  while (measured !== limit && digits < MAX_DIGITS && shown(measured, digits) === limit) digits += 1;
  return quantity(shown(measured, digits), unit);
}

/** Empty where there is no limit. */
export function limitText({ limit, unit }: Pick<CheckResult, 'limit' | 'unit'>): string {
  return limit === null ? '' : quantity(limit, unit);
}

/** `1,204 ms`, `91.2 %`, `12`. */
export function quantity(value: number, unit: Unit): string {
  return `${DECIMALS.format(value)}${SUFFIX[unit]}`;
}

/** `1 finding`, `2 findings`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${WHOLE.format(count)} ${count === 1 ? one : many}`;
}

function cut(value: number, digits: number): number {
  return Number(value.toFixed(MAX_DIGITS).slice(0, digits - MAX_DIGITS));
}
