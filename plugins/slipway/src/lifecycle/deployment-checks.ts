import type { EnvironmentConfig } from '../config/schema';
import { milliseconds } from '../deploy/duration';
import { judgeBackup } from '../gates/backup';
import type { CheckResult } from '../gates/check';
import { judgeHealth } from '../gates/health';
import { judgeMonitoring } from '../gates/monitoring';
import { judgeRehearsal, type RehearsedRollback } from '../gates/rehearsal';
import { allows } from '../gates/verdict';
import type { StoredEvent } from '../ledger/events';
import { isDoubtful, succeeded } from '../ledger/outcome-kinds';
import type { Movement } from '../ledger/state';
import { servicesFor } from './at-head';
import { atomisedTarget } from './chain';
import { command, type StepContext } from './context';
import type { Situation } from './situation';

/** A check that does not pass, who is waited for, and what mends it. */
export interface Waiting {
  readonly reason: string;
  readonly on: string;
  readonly run: string;
}

/** What an environment's latest verification comes to, and of which release. */
export interface VerifiedHealth {
  readonly version: string;
  readonly check: CheckResult;
}

/** Judges the latest verification that an environment's events tell of; null where there was none. */
export function latestHealth(events: readonly StoredEvent[]): VerifiedHealth | null {
  const body = events.findLast((event) => event.body.kind === 'verify.outcome')?.body;
  if (body?.kind !== 'verify.outcome') return null;
  return { version: body.version, check: judgeHealth(body.measurements) };
}

/** Judges the metrics that the latest verification asked for; null where there was none, or it asked for none. */
export function latestMonitoring(events: readonly StoredEvent[]): VerifiedHealth | null {
  const body = events.findLast((event) => event.body.kind === 'verify.outcome')?.body;
  if (body?.kind !== 'verify.outcome') return null;
  const metrics = body.measurements.filter(({ kind }) => kind === 'prometheus');
  if (metrics.length === 0) return null;
  const check = judgeMonitoring(
    metrics.map(({ probe, health, value, seen }) => ({ name: probe, health, value: value ?? null, seen })),
  );
  return { version: body.version, check };
}

type Context = Pick<StepContext, 'owner' | 'config'>;

/** What is the matter with the rehearsal of a rollback that an environment asks for; null where nothing is. */
export function rehearsalProblem(context: Context, situation: Situation, environment: string): Waiting | null {
  const { rehearsed, verifiedIn } = context.config.environments[environment]?.requires ?? {};
  if (rehearsed === undefined || verifiedIn === undefined) return null;
  const history = situation.environments.get(verifiedIn)?.history ?? [];
  const check = judgeRehearsal(history.filter(({ kind }) => kind === 'rollback').map(rehearsal), {
    services: servicesFor(context.config, situation, environment) ?? {},
    environment: verifiedIn,
    maxAge: milliseconds(rehearsed),
    now: situation.now,
  });
  const env = `--env=${verifiedIn}`;
  const steps = [
    command(context, 'release-rollback', env),
    command(context, 'release-deploy', env, '--retry'),
    `npx nx run ${context.owner}:${atomisedTarget('verify', verifiedIn)}`,
  ];
  return waiting(check, `a rehearsed rollback from this release in ${verifiedIn}`, steps.join(' && '));
}

/** What is the matter with the backup that an environment asks for; null where nothing is. */
export function backupProblem({ config }: Context, situation: Situation, environment: string): Waiting | null {
  const { requires, database } = config.environments[environment] ?? {};
  const demand = requires?.backup;
  if (demand === undefined) return null;
  if (demand.report === undefined) {
    // The deployment begins with one, and ends where that can't be restored; and before the first there is nothing to lose.
    const nothing = (situation.environments.get(environment)?.current ?? null) === null;
    if (nothing || takesProvenBackup(database)) return null;
  }
  const source = demand.report ?? `a backup of ${environment} in the ledger`;
  const evidence = situation.backups.get(environment) ?? { problem: `nobody looked for ${source}` };
  const maxAge = milliseconds(demand.maxAge);
  const check = judgeBackup(evidence, { environment, maxAge, now: situation.now });
  const run =
    demand.report === undefined
      ? `take one and restore it: with "when": "always" under "environments.${environment}.database" in slipway.json each deployment takes one; or let a job of yours do so, and name its report under "requires.backup"`
      : `back ${environment} up, restore that backup somewhere else, and let the job write ${demand.report}`;
  return waiting(check, `a recent backup of ${environment} that was restored`, run);
}

function takesProvenBackup(database: EnvironmentConfig['database']): boolean {
  if (database?.backup === undefined || database.when !== 'always') return false;
  return database.backup.prove !== undefined && database.backup.prove !== false;
}

function waiting({ verdict, reason }: CheckResult, what: string, run: string): Waiting | null {
  return allows(verdict) ? null : { reason, on: `${what} (${reason})`, run };
}

/** What a rollback left and brought back, as far as the ledger says. */
function rehearsal({ before, outcome, health, finished }: Movement): RehearsedRollback {
  const done = outcome === null || isDoubtful(outcome) ? null : succeeded(outcome) || outcome === 'rolledBack';
  return { left: before?.services ?? null, done, health, finished };
}
