import { inconclusive, type CheckResult } from './check';
import { ago, HOUR, isAhead } from './moments';

const CHECK = 'rehearsal';

/** One rollback in an environment, as the ledger tells it. */
export interface RehearsedRollback {
  /** Service to image id, of what it left; null where the ledger does not say. */
  readonly left: Readonly<Record<string, string>> | null;
  /** Whether its target was put in place; null while that is not known. */
  readonly done: boolean | null;
  /** What was seen of its target afterwards. */
  readonly health: 'healthy' | 'unhealthy' | 'unknown' | null;
  /** ISO 8601, UTC: when it ended; null while it has not. */
  readonly finished: string | null;
}

export interface RehearsalDemand {
  /** Service to image id, of what is to be deployed. */
  readonly services: Readonly<Record<string, string>>;
  /** Where it is rehearsed. */
  readonly environment: string;
  /** Milliseconds. */
  readonly maxAge: number;
  readonly now: Date;
}

/**
 * Whether the way back from these very images was rehearsed: a rollback that left them, was done, and brought something healthy back. The
 * latest one that ended counts. Pure.
 * @param rollbacks oldest first
 */
export function judgeRehearsal(rollbacks: readonly RehearsedRollback[], demand: RehearsalDemand): CheckResult {
  const { services, environment, maxAge, now } = demand;
  const limit = maxAge / HOUR;
  const judged = (verdict: 'pass' | 'fail', reason: string, measured: number | null): CheckResult => {
    return { check: CHECK, verdict, reason, measured, limit, unit: 'hours', findings: [] };
  };
  if (Object.keys(services).length === 0) return inconclusive(CHECK, limit, 'no images are known', 'hours');
  const own = rollbacks.filter(({ left }) => left !== null && leaves(left, services));
  const last = own.findLast(({ finished }) => finished !== null);
  if (last === undefined || last.finished === null) {
    if (own.length > 0) return inconclusive(CHECK, limit, `the rollback in ${environment} has not ended`, 'hours');
    return judged('fail', `no rollback from these images was rehearsed in ${environment}`, null);
  }
  if (isAhead(last.finished, now)) return inconclusive(CHECK, limit, 'the rollback is dated in the future', 'hours');
  const age = Math.max(0, now.getTime() - Date.parse(last.finished));
  const told = `the rollback from these images in ${environment}, ${ago(last.finished, now)},`;
  if (last.done === null) return inconclusive(CHECK, limit, `${told} left nobody knows what`, 'hours');
  if (!last.done) return judged('fail', `${told} was not done`, age / HOUR);
  if (last.health === 'unhealthy') return judged('fail', `${told} brought back something unhealthy`, age / HOUR);
  if (last.health !== 'healthy') {
    return inconclusive(CHECK, limit, `${told} brought back something whose health nobody knows`, 'hours');
  }
  if (age > maxAge)
    return judged('fail', `${told} is too long ago; at most ${limit / 24} days are allowed`, age / HOUR);
  return judged('pass', `${told} was done and brought back something healthy`, age / HOUR);
}

function leaves(left: Readonly<Record<string, string>>, services: Readonly<Record<string, string>>): boolean {
  return Object.entries(services).every(([service, digest]) => left[service] === digest);
}
