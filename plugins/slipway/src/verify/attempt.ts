/** How one measurement of a probe ended. */
export interface Attempt {
  /** `impossible`: it says nothing about the service, because nothing could be measured or nothing came of it. */
  readonly result: 'passed' | 'failed' | 'impossible';
  /** What was seen, for the ledger: short, without secrets. */
  readonly seen: string;
  /** Trying again can't change it, e.g. a variable without value or a query that does not parse. */
  readonly final?: boolean;
  /** The number that was judged, where there is one. */
  readonly value?: number;
  /** The bound that it was judged by: the one it broke, else the nearest above, else below. */
  readonly limit?: number;
  /** Requests, points or lines that it rests on. */
  readonly samples?: number;
  /** The stretch of time that it is about; absent where it is about a moment. */
  readonly from?: Date;
  readonly to?: Date;
}

/** A measurement that gave nothing to judge. */
export function impossible(seen: string, final = false): Attempt {
  return final ? { result: 'impossible', seen, final } : { result: 'impossible', seen };
}
