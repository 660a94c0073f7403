import { errorMessage } from '../../io/error-message';
import type { Outcome } from '../../ledger/outcome';
import { guard } from '../apply';
import { DatabaseError, type Migrations } from '../database/database';
import { record, wasStopped } from '../session';
import { conclude, recordedStep, type Deployment } from './deployment';
import type { Failure, PipelineStep } from './step';

/** Moves the schema forward, from the new image, while the old release serves. */
export const migrate: PipelineStep<null> = {
  name: 'migrate',
  async probe(deployment) {
    const { migrations: plan } = deployment;
    if (plan === null) return { kind: 'notNeeded' };
    if (plan.isNew === true || plan.steps.length > 0) return { kind: 'needed' };
    const begun = recordedStep(deployment, 'migrate');
    if (begun?.migration == null) return { kind: 'notNeeded' };
    deployment.migrated = true;
    const migration = { ...begun.migration, after: plan.applied };
    return { kind: 'done', detail: 'the database holds all of them', migration };
  },
  intent: (deployment) => {
    const { migrations: plan } = deployment;
    const names = plan?.steps.map(({ name }) => name) ?? [];
    const detail = plan?.isNew === true ? 'make the schema' : `apply ${names.length}: ${names.join(', ')}`;
    return { detail, migration: { before: before(deployment), after: null, image: imageOf(deployment) } };
  },
  async act(deployment) {
    const { session, release, migrations: plan } = deployment;
    const contracting = plan?.steps.filter(({ effect }) => effect !== 'expand').map(({ name }) => name) ?? [];
    if (contracting.length > 0)
      session.world.log.warn(
        `${session.environment} serves its present release until services are replaced, which may not run with ${contracting.join(', ')}`,
      );
    session.world.log.info(`Migrating the database of ${session.environment} to ${release.version}`);
    // From here on "nothing changed" has to be found out.
    session.touched = true;
    deployment.migrated = true;
    const moved = await schemaOf(deployment).migrate(release, { guard: () => guard(session) });
    const migration = { ...moved, before: before(deployment) };
    return { kind: 'done', evidence: { detail: told(migration.before, moved.after), migration }, result: null };
  },
  compensate: async (deployment, failure) => {
    const { commands } = deployment.session;
    if (failure.kind !== 'failed') {
      const reason = `${failure.reason} while the database was being migrated`;
      return conclude(deployment, { kind: 'unknown', reason, findOut: commands.status }, reason);
    }
    const outcome = await takeBack(deployment, failure);
    return conclude(deployment, outcome, 'reason' in outcome ? outcome.reason : failure.reason);
  },
};

/** What was applied before this deployment began, also when it was cut off since. */
function before(deployment: Deployment): readonly string[] {
  return recordedStep(deployment, 'migrate')?.migration?.before ?? deployment.migrations?.applied ?? [];
}

/** Reverses what a failed migration left behind, where that is possible. */
async function takeBack(deployment: Deployment, { reason, remedy, touched }: Failure): Promise<Outcome> {
  const { session, release, id } = deployment;
  const { commands } = session;
  const migrations = schemaOf(deployment);
  const why = `the migration to ${release.version} failed: ${reason}`;
  const mixed = (left: string): Outcome => ({
    kind: 'mixed',
    reason: `${why}; ${left}`,
    remedy: `correct its cause, then go on: ${remedy ?? commands.deploy}`,
  });
  try {
    const wanted = before(deployment);
    const applied = await migrations.applied(release);
    const extra = applied.filter((name) => !wanted.includes(name));
    // One that is not in one transaction: what is half done is in no table.
    if (extra.length === 0 && touched === true)
      return mixed('the table of migrations is what it was, but one of them may be half done');
    if (extra.length === 0) return { kind: 'failed', reason: why, remedy: remedy ?? commands.deploy };
    const reversal = { from: release, to: wanted };
    const { refusals } = await migrations.planReversal(reversal);
    if (refusals.length > 0)
      return mixed(`${extra.join(', ')} stay applied: ${refusals.map((refusal) => refusal.reason).join('; ')}`);
    await guard(session);
    const step = { version: release.version, deployment: id, step: 'reverse' } as const;
    const migration = { before: applied, after: null, image: imageOf(deployment) };
    await record(session, { kind: 'step.intent', ...step, detail: `reverse ${extra.join(', ')}`, migration });
    const moved = await migrations.reverse(reversal, { guard: () => guard(session) });
    await record(session, {
      kind: 'step.outcome',
      ...step,
      outcome: 'done',
      detail: told(applied, moved.after),
      migration: moved,
    });
    return { kind: 'failed', reason: `${why}; the schema is what it was`, remedy: remedy ?? commands.deploy };
  } catch (error) {
    if (!(error instanceof DatabaseError) && !wasStopped(error, session.world)) throw error;
    return mixed(`taking back what it did ended with: ${errorMessage(error)}`);
  }
}

function schemaOf({ session }: Deployment): Migrations {
  const migrations = session.assets?.database?.migrations ?? null;
  if (migrations === null) throw new Error('a deployment without migrations asked for them');
  return migrations;
}

function imageOf({ session, release }: Deployment): string {
  const service = session.assets?.migrationService ?? null;
  return service === null ? '' : (release.services[service] ?? '');
}

function told(from: readonly string[], to: readonly string[] | null): string {
  return to === null ? 'nobody knows what is applied' : `${to.length} applied, ${from.length} before`;
}
