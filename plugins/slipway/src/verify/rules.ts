import type { EnvironmentConfig, Probe } from '../config/schema';

/** How the measurements of one probe become a verdict. See docs/verifying.md. */
export interface Rules {
  /** How often it is tried until it says something good for the first time. */
  readonly attempts: number;
  /** What is forgiven until then: a service may need some tries to come up, a bad number is bad from the start. */
  readonly forgives: 'failures' | 'noData';
  /** Measurements that make a verdict; the last ones count. */
  readonly count: number;
  /** How many of the last `count` may fail; null: any number, as far as the other limit allows. */
  readonly failureLimit: number | null;
  /** How many may fail one after another; null: any number, as far as the other limit allows. */
  readonly consecutiveFailureLimit: number | null;
  readonly noData: Probe['noData'];
}

/** Failures in a row that are tolerated where nothing else is said: what Kubernetes' probes tolerate, too. */
const TOLERATED_IN_A_ROW = 2;

/** Whether it asks a service for an answer, in contrast to reading what was recorded about it. */
export function asksService(probe: Probe): boolean {
  return 'http' in probe || 'tcp' in probe || 'command' in probe;
}

export function rulesOf(probe: Probe, { attempts }: Pick<EnvironmentConfig['verify'], 'attempts'>): Rules {
  // An error in a log, or a restart, does not go away by looking again.
  const lasting = 'log' in probe || 'restarts' in probe;
  const byDefault = probe.failureLimit !== undefined ? null : lasting ? 0 : TOLERATED_IN_A_ROW;
  return {
    attempts: probe.attempts ?? attempts,
    forgives: asksService(probe) ? 'failures' : 'noData',
    count: probe.count,
    failureLimit: probe.failureLimit ?? null,
    consecutiveFailureLimit: probe.consecutiveFailureLimit ?? byDefault,
    noData: probe.noData,
  };
}
