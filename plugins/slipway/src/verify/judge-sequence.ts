import type { Attempt } from './attempt';
import type { Rules } from './rules';

/** `measuring`: no verdict yet, or no longer a healthy one, while the limits are not reached either. */
export type Standing = 'measuring' | 'healthy' | 'unhealthy' | 'unknown';

type Mark = 'passed' | 'failed' | 'noData';

/** What a probe's measurements come to so far. */
export interface Tally {
  readonly standing: Standing;
  readonly measured: number;
  /** Measurements before anything counted. */
  readonly waited: number;
  /** Whether measurements count by now. */
  readonly begun: boolean;
  /** Measurements that counted, and those of them that said something. */
  readonly counted: number;
  readonly conclusive: number;
  /** The last `count` that counted, oldest first. */
  readonly recent: readonly Mark[];
  /** Since the last good measurement. */
  readonly failedInARow: number;
  readonly emptyInARow: number;
}

export const NOTHING_MEASURED: Tally = {
  standing: 'measuring',
  measured: 0,
  waited: 0,
  begun: false,
  counted: 0,
  conclusive: 0,
  recent: [],
  failedInARow: 0,
  emptyInARow: 0,
};

/**
 * Adds one measurement. `unhealthy` and `unknown` are final; `healthy` is not: it is measured on while it bakes or is watched.
 * Healthy needs `count` measurements with data, never fewer. Pure.
 */
export function addAttempt(tally: Tally, attempt: Attempt, rules: Rules): Tally {
  if (isDecided(tally.standing)) return tally;
  const next = { ...tally, measured: tally.measured + 1 };
  if (attempt.final === true && attempt.result === 'impossible') return { ...next, standing: 'unknown' };
  if (!tally.begun && isForgiven(attempt, rules)) return wait(next, attempt, rules);
  const said = attempt.result !== 'impossible';
  return count({ ...next, begun: true, conclusive: tally.conclusive + (said ? 1 : 0) }, markOf(attempt, rules), rules);
}

/** What a whole series of measurements comes to. */
export function judgeSequence(attempts: readonly Attempt[], rules: Rules): Tally {
  return attempts.reduce((tally, attempt) => addAttempt(tally, attempt, rules), NOTHING_MEASURED);
}

export function isDecided(standing: Standing): standing is 'unhealthy' | 'unknown' {
  return standing === 'unhealthy' || standing === 'unknown';
}

function isForgiven({ result }: Attempt, { forgives }: Rules): boolean {
  return result === 'impossible' || (result === 'failed' && forgives === 'failures');
}

/** The last try decides: a service may need some to come up, and one that could not be asked at last is unknown. */
function wait(tally: Tally, attempt: Attempt, rules: Rules): Tally {
  const waited = tally.waited + 1;
  if (waited < rules.attempts) return { ...tally, waited };
  const unhealthy = attempt.result === 'failed' || rules.noData === 'unhealthy';
  return { ...tally, waited, standing: unhealthy ? 'unhealthy' : 'unknown' };
}

function markOf({ result }: Attempt, { noData }: Rules): Mark {
  if (result !== 'impossible') return result;
  return noData === 'unhealthy' ? 'failed' : 'noData';
}

function count(tally: Tally, mark: Mark, rules: Rules): Tally {
  const counted = tally.counted + 1;
  const skipped = mark === 'noData' && rules.noData === 'skip';
  const recent = skipped ? tally.recent : [...tally.recent, mark].slice(-rules.count);
  const failedInARow = mark === 'passed' ? 0 : tally.failedInARow + (mark === 'failed' ? 1 : 0);
  const emptyInARow = mark !== 'noData' ? 0 : tally.emptyInARow + (skipped ? 0 : 1);
  const next = { ...tally, counted, recent, failedInARow, emptyInARow };
  return { ...next, standing: standingOf(next, rules) };
}

function standingOf(tally: Tally, rules: Rules): Standing {
  const inWindow = (mark: Mark) => tally.recent.filter((one) => one === mark).length;
  const beyond = (inARow: number, mark: Mark) =>
    (rules.consecutiveFailureLimit !== null && inARow > rules.consecutiveFailureLimit) ||
    (rules.failureLimit !== null && inWindow(mark) > rules.failureLimit);
  if (beyond(tally.failedInARow, 'failed')) return 'unhealthy';
  if (beyond(tally.emptyInARow, 'noData')) return 'unknown';
  if (tally.conclusive < rules.count) {
    // Data that comes now and then only is waited for as long as for its first sign.
    return tally.counted >= rules.count + rules.attempts ? 'unknown' : 'measuring';
  }
  const unsettled = rules.failureLimit === null && (tally.failedInARow > 0 || tally.emptyInARow > 0);
  return unsettled ? 'measuring' : 'healthy';
}
