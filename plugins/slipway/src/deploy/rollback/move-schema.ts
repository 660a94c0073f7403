import type { DeploymentStep, MigrationMove } from '../../ledger/events';
import { guard } from '../apply';
import type { Assets } from '../assets';
import { DatabaseError } from '../database/database';
import { record, type Session } from '../session';
import { neededBackups } from '../steps/needed';
import type { EnvironmentState } from '../../ledger/state';
import type { SchemaPlan } from './schema-plan';

interface Move {
  readonly state: EnvironmentState;
  /** Version and id that the rollback goes by. */
  readonly version: string;
  readonly deployment: string;
  readonly schema: Extract<SchemaPlan, { kind: 'reverse' | 'restore' }>;
  /** Emergency: no backup of what is there is taken first. */
  readonly hasty: boolean;
}

/**
 * Moves the schema back: keeps what is there first, then reverses it from the newer image, or restores the backup; reads back what is
 * applied. Whether the application must be stopped is the caller's to see to.
 * @throws {DatabaseError}, {FenceLostError}, {StoppedError}
 */
export async function moveSchemaBack(session: Session, move: Move): Promise<void> {
  const { assets } = session;
  if (assets === undefined || assets.database === null) throw new Error('a rollback without a database asked for one');
  const { schema, hasty } = move;
  if (!hasty) await keepPresent(session, assets, move);
  if (schema.kind === 'restore') return restore(session, assets, { ...move, schema });
  const { reversal, plan } = schema;
  const { migrations } = assets.database;
  if (migrations === null) throw new Error('a rollback without migrations asked for them');
  const names = plan.steps.map(({ name }) => name);
  const image = imageOf(assets, reversal.from.services);
  await stepped(
    session,
    move,
    'reverse',
    `reverse ${names.join(', ')}`,
    { before: plan.applied, after: null, image },
    () => migrations.reverse(reversal, { guard: () => guard(session) }),
  );
}

async function restore(
  session: Session,
  { database }: Assets,
  move: Move & { readonly schema: Extract<SchemaPlan, { kind: 'restore' }> },
): Promise<void> {
  const { backup, schema } = move.schema;
  const backups = database?.backups;
  if (backups == null) throw new Error('a rollback without backups asked for one');
  await stepped(
    session,
    move,
    'restore',
    `put the backup ${backup.id} of ${backup.takenAt} in the place of the data`,
    null,
    async () => {
      await backups.restore(backup, { guard: () => guard(session) });
      const newest = move.state.schema?.newest;
      if (schema === null || database?.migrations == null || newest === undefined) return null;
      const after = await database.migrations.applied(newest);
      const missing = schema.filter((name) => !after.includes(name));
      const extra = after.filter((name) => !schema.includes(name));
      if (missing.length + extra.length > 0)
        throw new DatabaseError(
          `the backup was restored, but its table of migrations is not that of the release: ${[...missing, ...extra].join(', ')}`,
          'look at the database, and choose another backup',
          true,
        );
      return { before: move.state.schema?.applied ?? [], after, image: '' };
    },
  );
}

/** What is there now, so that going back can be undone. */
async function keepPresent(session: Session, { database }: Assets, move: Move): Promise<void> {
  const backups = database?.backups;
  if (backups == null) return;
  // An earlier try kept what was there then: since it ended, more may have been written.
  const tries = move.state.history.filter(
    ({ kind, deployment, finished }) => kind === 'rollback' && deployment === move.deployment && finished !== null,
  ).length;
  const id = `${move.deployment}-rollback${tries === 0 ? '' : `-${tries + 1}`}`;
  await guard(session);
  await record(session, stepBody(move, 'backup', `back up what is there before going back`, 'step.intent'));
  const needed = new Set([
    ...neededBackups(move.state),
    ...(move.schema.kind === 'restore' ? [move.schema.backup.id] : []),
  ]);
  const backup = await backups.take(id, { guard: () => guard(session), needed });
  await record(session, {
    ...stepBody(move, 'backup', `${backup.bytes} bytes`, 'step.outcome'),
    outcome: 'done',
    backup,
  });
}

async function stepped(
  session: Session,
  move: Move,
  step: DeploymentStep,
  detail: string,
  migration: MigrationMove | null,
  act: () => Promise<MigrationMove | null>,
): Promise<void> {
  await guard(session);
  await record(session, {
    ...stepBody(move, step, detail, 'step.intent'),
    ...(migration === null ? {} : { migration }),
  });
  session.touched = true;
  try {
    const moved = await act();
    const done = { ...stepBody(move, step, detail, 'step.outcome'), outcome: 'done' } as const;
    await record(session, { ...done, ...(moved === null ? {} : { migration: moved }) });
  } catch (error) {
    if (error instanceof DatabaseError)
      await record(session, { ...stepBody(move, step, error.message, 'step.outcome'), outcome: 'failed' });
    throw error;
  }
}

function stepBody<K extends 'step.intent' | 'step.outcome'>(
  { version, deployment }: Move,
  step: DeploymentStep,
  detail: string,
  kind: K,
) {
  return { kind, version, deployment, step, detail };
}

function imageOf({ migrationService }: Assets, services: Readonly<Record<string, string>>): string {
  return migrationService === null ? '' : (services[migrationService] ?? '');
}
