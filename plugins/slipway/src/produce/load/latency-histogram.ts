/** Buckets per power of two: a bucket is less than 0.8 % wide. */
const SUB_BUCKETS = 128;

/**
 * Latencies in buckets, of any number of requests in little memory. Failed requests have no time and are slower than all others,
 * so that dropping them can't make a percentile better. A percentile is never told lower than it is.
 */
export class LatencyHistogram {
  private readonly buckets = new Map<number, number>();
  private answered = 0;
  private failures = 0;
  private largest = 0;

  /** @param milliseconds of a request that succeeded */
  record(milliseconds: number): void {
    if (!(milliseconds >= 0)) throw new RangeError(`${milliseconds} is no time`);
    const bucket = bucketOf(milliseconds);
    this.buckets.set(bucket, (this.buckets.get(bucket) ?? 0) + 1);
    this.answered += 1;
    this.largest = Math.max(this.largest, milliseconds);
  }

  recordFailures(count: number): void {
    this.failures += count;
  }

  get samples(): number {
    return this.answered + this.failures;
  }

  /**
   * Milliseconds, by nearest rank: the smallest sample that at least this share of all samples does not exceed, at most 0.8 % too high.
   * Null where that is a failed request, or there is no sample.
   */
  percentile(percent: number): number | null {
    const rank = Math.max(1, Math.ceil((percent / 100) * this.samples));
    if (rank > this.answered) return null;
    let seen = 0;
    for (const bucket of [...this.buckets.keys()].sort((a, b) => a - b)) {
      seen += this.buckets.get(bucket) ?? 0;
      if (seen >= rank) return Math.min(upperBound(bucket), this.largest);
    }
    return null;
  }
}

/** Below a millisecond buckets are 1/128 ms wide; above, each power of two has as many. */
function bucketOf(milliseconds: number): number {
  if (milliseconds < 1) return Math.floor(milliseconds * SUB_BUCKETS);
  const exponent = Math.floor(Math.log2(milliseconds));
  return SUB_BUCKETS * (exponent + 1) + Math.floor((milliseconds / 2 ** exponent - 1) * SUB_BUCKETS);
}

function upperBound(bucket: number): number {
  if (bucket < SUB_BUCKETS) return (bucket + 1) / SUB_BUCKETS;
  const exponent = Math.floor(bucket / SUB_BUCKETS) - 1;
  return 2 ** exponent * (1 + ((bucket % SUB_BUCKETS) + 1) / SUB_BUCKETS);
}
