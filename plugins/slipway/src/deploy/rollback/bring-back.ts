import type { Outcome } from '../../ledger/outcome';
import type { EnvironmentState } from '../../ledger/state';
import { EngineError } from '../../image/engine';
import { applyUnderFence, guard, newDeployment, problemsOf, showServices } from '../apply';
import { readConfiguration, writeConfiguration } from '../anchor/configuration-files';
import { DatabaseError } from '../database/database';
import { compareRunning, runningDigests } from '../read-back';
import type { RollbackRequest } from '../rollback';
import { record, stopReason, wasStopped, type Session } from '../session';
import type { Driver, RunningService } from '../drivers/driver';
import { anchoredRelease } from './anchored';
import { moveSchemaBack } from './move-schema';
import type { RollbackPlan } from './plan';

interface Doing extends Pick<RollbackRequest, 'driver' | 'automatic' | 'reason' | 'verify' | 'emergency' | 'again'> {
  /** Whether its outcome is the last that is written under the lock, unless it is measured. Default: false. */
  readonly isLast?: boolean;
}

/** Carries a plan out, under a lock that is held already. Run again after it was cut off anywhere, it goes on. */
export async function bringBack(
  session: Session,
  request: Doing,
  state: EnvironmentState,
  plan: RollbackPlan,
): Promise<Outcome> {
  const rollback = await beginRollback(session, request, state, plan);
  session.world.log.info(`Rolling ${session.environment} back to ${plan.to.version}: ${request.reason}`);
  const moved = await moveParts(session, request, state, plan, rollback);
  if (moved.kind === 'ended') {
    const { outcome } = moved;
    return rollback.finish(outcome, 'reason' in outcome ? outcome.reason : request.reason);
  }
  return settle(session, request, plan, rollback, moved.running);
}

interface Rollback {
  readonly deployment: string;
  readonly version: string;
  readonly finish: (outcome: Outcome, why: string, services?: Readonly<Record<string, string>>) => Promise<Outcome>;
}

/** Writes the intent, unless the one that is gone on with stands already. */
async function beginRollback(
  session: Session,
  { automatic, reason, emergency, verify, isLast = false }: Doing,
  { unfinished }: EnvironmentState,
  plan: RollbackPlan,
): Promise<Rollback> {
  const { assets, world } = session;
  const { to, parts, leaving, anchored, configuration, running } = plan;
  const resumed =
    unfinished?.kind === 'rollback.intent' &&
    unfinished.to.version === to.version &&
    (unfinished.parts ?? ['application']).join() === parts.join() &&
    (plan.deployment === null || unfinished.deployment === plan.deployment)
      ? unfinished
      : null;
  const version = resumed?.version ?? leaving?.version ?? to.version;
  const deployment = resumed?.deployment ?? plan.deployment ?? newDeployment(to.version);
  await guard(session);
  if (resumed === null) {
    if (configuration !== null && assets !== undefined) {
      // What is replaced, so that this can be undone.
      const present = await readConfiguration(world.root, assets.envFiles);
      await assets.anchors.save(`${deployment}-replaced`, { description: '', configuration: present }, null);
      world.log.info(
        `The files that are replaced are kept in ${assets.anchors.descriptionPath(`${deployment}-replaced`)}`,
      );
    }
    const services = runningDigests(running, Object.keys(to.services));
    await record(session, {
      kind: 'rollback.intent',
      version,
      deployment,
      to,
      services,
      automatic,
      reason,
      parts,
      snapshotOf: configuration?.of ?? anchored.id,
      ...(emergency === true ? { emergency } : {}),
    });
  }
  return {
    deployment,
    version,
    finish: async (outcome, why, services = {}) => {
      const body = { version, deployment, outcome: outcome.kind, to: to.version, services, reason: why };
      await record(session, { kind: 'rollback.outcome', ...body }, { last: isLast && verify === undefined });
      return outcome;
    },
  };
}

type Moved =
  | { readonly kind: 'ended'; readonly outcome: Outcome }
  /** All of it was brought back. `running` is what was read back, healthy; null where no service was replaced. */
  | { readonly kind: 'moved'; readonly running: readonly RunningService[] | null };

const ended = (outcome: Outcome): Moved => ({ kind: 'ended', outcome });

async function moveParts(
  session: Session,
  request: Doing,
  state: EnvironmentState,
  plan: RollbackPlan,
  { version, deployment }: Rollback,
): Promise<Moved> {
  const { assets, commands, world } = session;
  const { driver, reason, emergency, again = commands.rollback } = request;
  const { schema, to, leaving, parts, anchored, configuration } = plan;
  const withDatabase = parts.includes('database') && (schema.kind === 'reverse' || schema.kind === 'restore');
  const order = schema.kind === 'reverse' ? schema.order : 'stopped';
  let broken: DatabaseError | null = null;
  let stopped: readonly string[] = [];
  const moveSchema = async (): Promise<void> => {
    if (!withDatabase) return;
    try {
      await moveSchemaBack(session, { state, version, deployment, schema, hasty: emergency === true });
    } catch (error) {
      // Better the older release on a schema that it may not like, said loudly, than nothing that serves.
      if (!(error instanceof DatabaseError) || schema.kind === 'restore') throw error;
      world.log.warn(error.message);
      broken = error;
    }
  };
  try {
    if (configuration !== null && assets !== undefined) {
      session.touched = true;
      await writeConfiguration(world.root, assets.envFiles, configuration.content, () => guard(session));
    }
    if (withDatabase && order === 'stopped' && assets !== undefined) {
      await guard(session);
      session.touched = true;
      if (driver.stop === undefined) throw new Error(`${driver.name} can't stop services, and was asked to`);
      // Those of the release that is left run now, and it may have more of them.
      stopped = [...new Set([leaving, to].flatMap((release) => (release ? assets.databaseUsers(release) : [])))];
      world.log.info(`Stopping ${stopped.join(', ')} until the database is what it was`);
      await driver.stop(stopped, { guard: () => guard(session) });
    }
    if (order !== 'applicationFirst') await moveSchema();
    let running: readonly RunningService[] | null = null;
    if (parts.includes('application') || configuration !== null) {
      const result = await applyUnderFence(session, driver, to, anchored.content?.description);
      const failed = `${reason}; the rollback to ${to.version} `;
      if (result.kind === 'unknown')
        return ended({ kind: 'unknown', reason: `${failed}is unfinished: ${result.reason}`, findOut: commands.status });
      if (result.kind === 'unhealthy')
        return ended({ kind: 'mixed', reason: `${failed}failed: ${problemsOf(result)}`, remedy: again });
      running = result.running;
    }
    if (order === 'applicationFirst') await moveSchema();
    const left = schemaOutcome(broken, `${reason}; ${to.version} serves, but its schema is not what it was: `, running);
    return left === null ? { kind: 'moved', running } : ended(left);
  } catch (error) {
    if (wasStopped(error, world)) {
      const why = `${reason}; the rollback to ${to.version} is unfinished: ${stopReason(world)}`;
      return ended({ kind: 'unknown', reason: why, findOut: commands.status });
    }
    if (!(error instanceof DatabaseError) && !(error instanceof EngineError)) throw error;
    if (error instanceof DatabaseError && !error.touched && !triedBefore(state, deployment))
      return ended(await startAgain(session, driver, state, plan, error));
    const down = stopped.length === 0 ? '' : `; ${stopped.join(', ')} may be stopped`;
    const why = `${reason}; the rollback to ${to.version} failed: ${error.message}${down}`;
    return ended({ kind: 'mixed', reason: why, remedy: error.remedy });
  }
}

/** @param replaced services that were put in place; null where none were, and nothing changed if the schema did not. */
function schemaOutcome(error: DatabaseError | null, why: string, replaced: unknown): Outcome | null {
  if (error === null) return null;
  const kind = replaced === null && !error.touched ? 'failed' : 'mixed';
  return { kind, reason: kind === 'failed' ? error.message : `${why}${error.message}`, remedy: error.remedy };
}

/** Whether an earlier try of this rollback may have changed the data already. */
function triedBefore({ history }: EnvironmentState, id: string): boolean {
  return history.some(
    ({ kind, deployment, steps }) =>
      kind === 'rollback' && deployment === id && steps.some(({ step }) => step === 'restore' || step === 'reverse'),
  );
}

/** The data could not be restored and is what it was: what served before serves it again. */
async function startAgain(
  session: Session,
  driver: Driver,
  state: EnvironmentState,
  { leaving, to }: RollbackPlan,
  error: DatabaseError,
): Promise<Outcome> {
  const why = `the rollback to ${to.version} failed: ${error.message}`;
  if (leaving === null) return { kind: 'mixed', reason: why, remedy: error.remedy };
  const { content } = await anchoredRelease(session.assets, state, leaving);
  const result = await applyUnderFence(session, driver, leaving, content?.description);
  if (result.kind === 'applied')
    return { kind: 'failed', reason: `${why}; ${leaving.version} serves as before`, remedy: error.remedy };
  const problem = result.kind === 'unknown' ? result.reason : problemsOf(result);
  return {
    kind: 'mixed',
    reason: `${why}; starting ${leaving.version} again failed: ${problem}`,
    remedy: error.remedy,
  };
}

/** Records what was read back, and measures it. */
async function settle(
  session: Session,
  { driver, automatic, reason, verify, again }: Doing,
  { to, parts }: RollbackPlan,
  { deployment, finish }: Rollback,
  readBack: readonly RunningService[] | null,
): Promise<Outcome> {
  const { environment, commands } = session;
  const running = readBack ?? (await driver.current());
  const services = runningDigests(running, Object.keys(to.services));
  if (readBack === null) {
    const problems = compareRunning(to.services, running).map(({ problem }) => problem);
    const why = `${reason}; the ${parts.join(' and ')} of ${to.version} is what it was, but ${problems.join('; ')}`;
    if (problems.length > 0)
      return finish({ kind: 'mixed', reason: why, remedy: again ?? commands.rollback }, why, services);
  }
  const what = parts.includes('application') ? '' : `, with its ${parts.join(' and ')} as it was`;
  const ok: Outcome = automatic
    ? { kind: 'rolledBack', to: to.version, reason }
    : { kind: 'done', summary: `${environment} serves ${to.version} again (${showServices(to)})${what}` };
  await finish(ok, reason, services);
  if (verify === undefined) return ok;
  const after = await verify(session, to, deployment);
  if (after.health === 'healthy') return ok;
  const why = `${reason}; ${to.version} was brought back and is ${after.health === 'unhealthy' ? 'unhealthy too' : 'of unknown health'}: ${after.reason}`;
  return after.health === 'unhealthy'
    ? { kind: 'mixed', reason: why, remedy: commands.rollback }
    : { kind: 'unknown', reason: why, findOut: commands.verify };
}
