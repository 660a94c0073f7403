import type { EnvironmentConfig, Probe } from '../config/schema';
import { milliseconds } from '../deploy/duration';
import type { Health, Measurement, ProbeKind } from '../ledger/events';
import type { Attempt } from './attempt';
import { kindOf, queryOf } from './describe-probe';
import { addAttempt, NOTHING_MEASURED, type Tally } from './judge-sequence';
import type { Meter } from './meter';
import { rulesOf, type Rules } from './rules';

/** Something to be measured again and again. Times in milliseconds. */
export interface Task {
  readonly name: string;
  readonly kind: ProbeKind;
  readonly query: string;
  readonly rules: Rules;
  readonly initialDelay: number;
  readonly interval: number;
  /** @throws when the step is being stopped. */
  readonly measure: () => Promise<Attempt>;
}

export function taskOf(probe: Probe, verification: EnvironmentConfig['verify'], meter: Meter): Task {
  return {
    name: probe.name,
    kind: kindOf(probe),
    query: queryOf(probe),
    rules: rulesOf(probe, verification),
    initialDelay: probe.initialDelay === undefined ? 0 : milliseconds(probe.initialDelay),
    interval: milliseconds(probe.interval ?? verification.interval),
    measure: () => meter(probe),
  };
}

/** How measuring a task went so far. */
export interface Course {
  readonly tally: Tally;
  /** The last verdict; stays while a tolerated failure is looked into. Null before the first. */
  readonly health: Health | null;
  readonly attempts: number;
  readonly failures: number;
  readonly last: Attempt | null;
  readonly from: Date | null;
  readonly to: Date | null;
}

export const NO_COURSE: Course = {
  tally: NOTHING_MEASURED,
  health: null,
  attempts: 0,
  failures: 0,
  last: null,
  from: null,
  to: null,
};

/** Pure. @param now when the attempt ended. */
export function proceed(course: Course, attempt: Attempt, rules: Rules, now: Date): Course {
  const tally = addAttempt(course.tally, attempt, rules);
  return {
    tally,
    health: tally.standing === 'measuring' ? course.health : tally.standing,
    attempts: course.attempts + 1,
    failures: course.failures + (attempt.result === 'failed' ? 1 : 0),
    last: attempt,
    from: course.from ?? attempt.from ?? now,
    to: attempt.to ?? now,
  };
}

/** The record of a task: what was asked, what came of it, and on how much it rests. */
export function toMeasurement(task: Pick<Task, 'name' | 'kind' | 'query'>, course: Course): Measurement {
  const { health, last, from, to, attempts, failures } = course;
  const seen = last?.seen ?? 'not measured';
  return {
    probe: task.name,
    health: health ?? 'unknown',
    seen: health === null ? `${seen}; no verdict in that time` : seen,
    attempts,
    query: task.query,
    kind: task.kind,
    value: last?.value ?? null,
    limit: last?.limit ?? null,
    ...(from === null ? {} : { from: from.toISOString() }),
    ...(to === null ? {} : { to: to.toISOString() }),
    samples: last?.samples ?? null,
    failures,
  };
}
