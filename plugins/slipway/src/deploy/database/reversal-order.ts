import type { MigrationPlan } from './database';

/**
 * What goes first when schema and application are rolled back together:
 *
 * - `applicationFirst`: every step only added, so the older release works with them; once it serves, nothing misses what is taken away.
 * - `schemaFirst`: the steps took away what the older release needs, so it has to be back before it starts.
 * - `stopped`: both, or nobody knows: no order suits either release, so the application is stopped in between.
 *
 * `none` where nothing is reversed. Pure.
 */
export type ReversalOrder = 'none' | 'applicationFirst' | 'schemaFirst' | 'stopped';

export function reversalOrder({ steps }: Pick<MigrationPlan, 'steps'>): ReversalOrder {
  if (steps.length === 0) return 'none';
  const effects = new Set(steps.map(({ effect }) => effect));
  if (effects.size > 1 || effects.has('unknown')) return 'stopped';
  return effects.has('expand') ? 'applicationFirst' : 'schemaFirst';
}
