import type { Attempt } from './attempt';

/** What values may be. */
export interface Bounds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly compare?: Comparison | undefined;
}

export interface Comparison {
  /** As a share of the baseline. */
  readonly maxIncrease: number;
  /** Values up to this one are not compared. */
  readonly floor: number;
  readonly noBaseline: 'skip' | 'unknown';
}

/** What the same query gave before; null where nothing did. */
export type Baseline = { readonly value: number; readonly source: string } | null;

/**
 * Judges values, each of which must be within the bounds; the worst one is told. Never passes without a value. Pure.
 */
export function judgeValues(values: readonly number[], bounds: Bounds, baseline: Baseline): Attempt {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (values.length === 0 || !Number.isFinite(low) || !Number.isFinite(high))
    return { result: 'impossible', seen: values.length === 0 ? 'no data' : 'no number' };
  const { min, max, compare } = bounds;
  if (max !== undefined && high > max) return fail(high, max, `above ${number(max)}`);
  if (min !== undefined && low < min) return fail(low, min, `below ${number(min)}`);
  const nearest = max ?? min;
  const value = max === undefined && min !== undefined ? low : high;
  const within: Attempt = {
    result: 'passed',
    seen: number(value),
    value,
    ...(nearest === undefined ? {} : { limit: nearest }),
  };
  if (compare === undefined) return within;
  if (baseline === null) {
    const seen = `${number(high)}, with nothing to compare it with`;
    return compare.noBaseline === 'unknown' ? { ...within, result: 'impossible', seen } : { ...within, seen };
  }
  if (high <= compare.floor) return { ...within, seen: `${number(value)}, too little to compare` };
  // Of a negative baseline a share is an increase, too.
  const limit = baseline.value + Math.abs(baseline.value) * compare.maxIncrease;
  const told = `${number(baseline.value)} ${baseline.source}`;
  if (high > limit) return fail(high, limit, `more than ${number(compare.maxIncrease * 100)} % above ${told}`);
  return {
    ...within,
    value: high,
    limit: max === undefined ? limit : Math.min(max, limit),
    seen: `${number(high)}, ${told}`,
  };
}

function fail(value: number, limit: number, why: string): Attempt {
  return { result: 'failed', seen: `${number(value)}, ${why}`, value, limit };
}

/** At most four significant digits: what a person reads; the ledger holds the number itself. */
export function number(value: number): string {
  return String(Number(value.toPrecision(4)));
}
