import type { SignOff, SignOffReport } from '../reports/report';

const DAY = 86_400_000;

/** What persons said, and whether it still counts. */
export interface SignOffs {
  readonly criteria: ReadonlyMap<string, SignOff>;
  readonly triaged: ReadonlyMap<string, SignOff>;
}

/** Of several sign-offs for one thing the latest counts; of the same day the one that says no. */
export function mergeSignOffs(reports: readonly SignOffReport[]): SignOffs {
  return {
    criteria: merge(reports.map(({ criteria }) => criteria)),
    triaged: merge(reports.map(({ triaged }) => triaged)),
  };
}

function merge(records: readonly Readonly<Record<string, SignOff>>[]): Map<string, SignOff> {
  const merged = new Map<string, SignOff>();
  for (const [key, signOff] of records.flatMap((record) => Object.entries(record))) {
    const before = merged.get(key);
    const later = before === undefined || signOff.on > before.on;
    if (later || (signOff.on === before.on && signOff.result === 'notMet')) merged.set(key, signOff);
  }
  return merged;
}

/** Why a sign-off does not count at a moment: too old, or not given yet; null where it counts. */
export function outdated({ on }: SignOff, maxAge: number, asOf: Date): string | null {
  const today = asOf.toISOString().slice(0, 10);
  if (on > today) return `signed off for ${on}, which is still to come`;
  const days = (Date.parse(today) - Date.parse(on)) / DAY;
  return days > maxAge ? `signed off on ${on}, ${days} days ago; ${maxAge} are allowed` : null;
}
