/**
 * The first version without a vulnerability, for who has `installed`: fixes are often made on several lines at once.
 * @param candidates versions in which it is fixed, in any order
 * @param installed null where the report does not say: then the newest, which holds the fix for sure
 */
export function firstFix(candidates: readonly string[], installed: string | null): string | null {
  const sorted = candidates.filter((version) => version.trim() !== '').sort(compareVersions);
  if (installed === null) return sorted.at(-1) ?? null;
  return sorted.find((version) => compareVersions(version, installed) > 0) ?? null;
}

/** By the numbers in them, then by the rest; good enough to pick one for a message, in any ecosystem. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a === b ? 0 : a < b ? -1 : 1;
}

function numbers(version: string): number[] {
  return (version.slice(0, 100).match(/^v?(?:\d+:)?(\d+(?:\.\d+)*)/)?.[1] ?? '').split('.').map(Number);
}

/** The fix that a range of vulnerable versions implies (`>=4.0.0 <4.17.21`); null where a part of it has no end. */
export function fixAfterRange(range: string | null | undefined, installed: string | null = null): string | null {
  if (!range || range.length > 2000) return null;
  const ends = range.split('||').map((part) => /<\s*([\w.+-]+)\s*$/.exec(part.trim())?.[1] ?? null);
  return ends.includes(null)
    ? null
    : firstFix(
        ends.filter((end) => end !== null),
        installed,
      );
}

/** The lowest version of a range of patched ones (`>=4.17.21`); null for none, which npm writes as `<0.0.0`. */
export function fixInRange(range: string | null | undefined, installed: string | null = null): string | null {
  if (!range || range.length > 2000) return null;
  const starts = [...range.matchAll(/(?:>=|\^|~|=|^)\s*(\d[\w.+-]*)/g)].map((match) => match[1] ?? '');
  return firstFix(starts, installed);
}
