import type { BackupRecord, DeployedRelease } from '../../ledger/events';
import type { Refusal } from '../../ledger/outcome';
import type { EnvironmentState } from '../../ledger/state';
import type { Assets } from '../assets';
import { DatabaseError, type MigrationPlan, type Reversal } from '../database/database';
import { reversalOrder, type ReversalOrder } from '../database/reversal-order';
import { schemaOfSnapshot } from './anchored';

/** What a rollback does to the schema. */
export type SchemaPlan =
  /** Nothing has to be done, and why. */
  | { readonly kind: 'none'; readonly why: string }
  /** It stays although the older release may not run with it. */
  | { readonly kind: 'left'; readonly why: string }
  | {
      readonly kind: 'reverse';
      readonly reversal: Reversal;
      readonly plan: MigrationPlan;
      readonly order: Exclude<ReversalOrder, 'none'>;
    }
  | { readonly kind: 'restore'; readonly backup: BackupRecord; readonly schema: readonly string[] | null }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

export interface SchemaQuestion {
  readonly state: EnvironmentState;
  /** Deployment whose schema is wanted; null where nobody knows it. */
  readonly snapshot: string | null;
  readonly leaving: DeployedRelease | null;
  /** `asNeeded`: only where the older release can't run with what is there; `always`: also what was only added. */
  readonly when: 'asNeeded' | 'always';
  /** Set by a person who said so: which backup is put in the place of the data. */
  readonly restore?: BackupRecord;
}

/** Asks the database, from the newest image, what going back to a deployment's schema takes. Changes nothing. */
export async function planSchema(assets: Assets | undefined, question: SchemaQuestion): Promise<SchemaPlan> {
  const { state, snapshot, leaving, when, restore } = question;
  const migrations = assets?.database?.migrations ?? null;
  if (restore !== undefined) {
    return { kind: 'restore', backup: restore, schema: migrations === null ? null : schemaOfSnapshot(state, snapshot) };
  }
  if (migrations === null) return { kind: 'none', why: 'no migrations are configured' };
  const unable = (reason: string, remedy: string): SchemaPlan =>
    when === 'asNeeded'
      ? { kind: 'left', why: reason }
      : { kind: 'refused', refusals: [{ id: 'schema', reason, remedy }] };
  const to = schemaOfSnapshot(state, snapshot);
  const from = state.schema?.newest ?? leaving;
  if (to === null || from === null)
    return unable('nobody recorded which migrations were applied with that release', 'reverse it by hand');
  if (isSame(state.schema?.applied ?? null, to)) return { kind: 'none', why: 'no migration was applied since' };
  try {
    const reversal = { from, to };
    const { plan, refusals } = await migrations.planReversal(reversal);
    const names = plan.steps.map(({ name }) => name).join(', ');
    if (plan.steps.length === 0 && refusals.length === 0)
      return { kind: 'none', why: 'no migration was applied since' };
    const order = reversalOrder(plan);
    if (when === 'asNeeded' && order === 'applicationFirst')
      return { kind: 'none', why: `${names} stay: they only added (expand), and the older release runs with them` };
    if (refusals.length > 0) {
      return when === 'always'
        ? { kind: 'refused', refusals }
        : { kind: 'left', why: refusals.map(({ reason }) => reason).join('; ') };
    }
    if (order === 'none') return { kind: 'none', why: 'no migration was applied since' };
    return { kind: 'reverse', reversal, plan, order };
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return unable(error.message, error.remedy);
  }
}

/** Whether nothing may use the database meanwhile. */
export function mustStop(plan: SchemaPlan): boolean {
  return plan.kind === 'restore' || (plan.kind === 'reverse' && plan.order === 'stopped');
}

function isSame(a: readonly string[] | null, b: readonly string[]): boolean {
  return a !== null && a.length === b.length && a.every((name) => b.includes(name));
}
