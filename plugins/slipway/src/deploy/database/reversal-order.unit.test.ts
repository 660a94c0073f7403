import type { MigrationStep } from './database';
import { reversalOrder } from './reversal-order';

const step = (effect: MigrationStep['effect']): MigrationStep => ({ name: 'shop.0002_next', reversible: true, effect });

it.each<[string, readonly MigrationStep['effect'][], string]>([
  ['nothing', [], 'none'],
  ['what was added, once the older release serves', ['expand', 'expand'], 'applicationFirst'],
  ['what was taken away, before the older release starts', ['contract'], 'schemaFirst'],
  ['both, while nothing serves', ['expand', 'contract'], 'stopped'],
  ['what nobody knows of, while nothing serves', ['unknown'], 'stopped'],
])('reverses %s', (_what, effects, order) => expect(reversalOrder({ steps: effects.map(step) })).toBe(order));
