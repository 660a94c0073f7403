import type { Health, Measurement } from '../ledger/events';

export type { Attempt } from './attempt';

export interface Verification {
  readonly health: Health;
  readonly measurements: readonly Measurement[];
  readonly reason: string;
}

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
    .map((measurement) => `${measurement.probe}: ${measurement.seen}${howOften(measurement)}`)
    .join('; ');
}

function howOften({ attempts, failures = attempts }: Measurement): string {
  if (attempts <= 1) return '';
  return failures > 0 && failures < attempts ? ` (${failures} of ${attempts} failed)` : ` (after ${attempts} attempts)`;
}
