import type { Health, Measurement } from '../ledger/events';

/** How one try of a probe ended. */
export interface Attempt {
  /** `impossible`: it says nothing about the service, because the probe itself could not be made. */
  readonly result: 'passed' | 'failed' | 'impossible';
  /** What was seen, for the ledger: short, without secrets. */
  readonly seen: string;
  /** Trying again can't change it, e.g. a variable without value. */
  readonly final?: boolean;
}

export interface Verification {
  readonly health: Health;
  readonly measurements: readonly Measurement[];
  readonly reason: string;
}

/**
 * What a probe's tries say so far, or null while it should be tried again.
 * The last try decides: a service may need some to come up, and one that could not be asked at last is unknown.
 */
export function judgeAttempts(probe: string, attempts: readonly Attempt[], limit: number): Measurement | null {
  const last = attempts.at(-1);
  if (last === undefined) return null;
  if (last.result !== 'passed' && last.final !== true && attempts.length < limit) return null;
  return { probe, health: HEALTH[last.result], seen: last.seen, attempts: attempts.length };
}

const HEALTH: Readonly<Record<Attempt['result'], Health>> = {
  passed: 'healthy',
  failed: 'unhealthy',
  impossible: 'unknown',
};

/** One verdict over all probes. Healthy only where something was measured and everything was healthy. */
export function judgeMeasurements(measurements: readonly Measurement[]): Verification {
  if (measurements.length === 0) {
    return { health: 'unknown', measurements, reason: 'nothing was measured: no probes are configured' };
  }
  const of = (health: Health) => measurements.filter((measurement) => measurement.health === health);
  const bad = of('unhealthy');
  if (bad.length > 0) return { health: 'unhealthy', measurements, reason: describe(bad) };
  const unclear = of('unknown');
  if (unclear.length > 0) return { health: 'unknown', measurements, reason: describe(unclear) };
  const count = measurements.length === 1 ? 'its probe' : `all ${measurements.length} probes`;
  return { health: 'healthy', measurements, reason: `${count} passed` };
}

function describe(measurements: readonly Measurement[]): string {
  return measurements
    .map(({ probe, seen, attempts }) => `${probe}: ${seen}${attempts > 1 ? ` (after ${attempts} attempts)` : ''}`)
    .join('; ');
}
