/** Exact comparison of a share with a limit in percent, and its display. Nothing is rounded up. */

/** Whether `part` of `whole` is at least `percent`, compared as whole numbers. */
export function reaches(part: number, whole: number, percent: number): boolean {
  const limit = decimal(percent);
  return BigInt(part) * 100n * 10n ** BigInt(limit.digits) >= limit.value * BigInt(whole);
}

/** `79.99 %` for 79.996: cut off, so that a share below its limit is also seen to be below it. */
export function formatShare(part: number, whole: number, percent: number): string {
  const digits = Math.max(2, decimal(percent).digits);
  const scaled = (BigInt(part) * 100n * 10n ** BigInt(digits)) / BigInt(whole);
  const text = scaled.toString().padStart(digits + 1, '0');
  return `${trim(`${text.slice(0, -digits)}.${text.slice(-digits)}`)} %`;
}

/** `79.9` for 79.996: what a waiver relies on. Cut off, not rounded. */
export function stateOf(part: number, whole: number): string {
  const tenths = (BigInt(part) * 1000n) / BigInt(whole);
  return `${tenths / 10n}.${tenths % 10n}`;
}

export function formatPercent(percent: number): string {
  return `${percent} %`;
}

/** A limit as a whole number and its count of decimals: 99.5 is 995 and 1. */
export function decimal(percent: number): { readonly value: bigint; readonly digits: number } {
  const text = percent.toFixed(10).replace(/\.?0+$/, '');
  const [whole = '0', fraction = ''] = text.split('.');
  return { value: BigInt(whole + fraction), digits: fraction.length };
}

function trim(text: string): string {
  return text.replace(/\.?0+$/, '');
}
