import { isRecord } from '../../../reports/input';
import type { Mutation } from './mutation';
import type { Random } from './random';

/** Where a value stands: the object or list that holds it, and under what. */
interface Spot {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  '',
  'x',
  0,
  -1,
  0.5,
  1e308,
  [],
  {},
  [[]],
  [null],
  { length: 1 },
  '2026-01-01T00:00:00Z',
];

/** Each changes one value somewhere in JSON, and writes it as it was written. */
export const jsonMutations: readonly Mutation[] = [
  mutation('a value of another type', ({ holder, key }, random) => {
    holder[key] = random.pick(ODD_VALUES);
  }),
  mutation('a value missing', ({ holder, key }) => {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  }),
  mutation('a key renamed', ({ holder, key }, random) => {
    if (Array.isArray(holder)) return;
    const value = holder[key];
    delete holder[key];
    holder[random.pick([`${key}s`, key.toUpperCase(), '', '__proto__', 'constructor', 'total'])] = value;
  }),
  mutation('a value emptied', ({ holder, key }) => {
    const value = holder[key];
    holder[key] = Array.isArray(value) ? [] : isRecord(value) ? {} : typeof value === 'string' ? '' : 0;
  }),
  mutation('a value wrapped', ({ holder, key }, random) => {
    holder[key] = random.chance(0.5) ? [holder[key]] : { value: holder[key] };
  }),
  mutation('a value twice', ({ holder, key }) => {
    const value = holder[key];
    if (Array.isArray(value)) value.push(...(structuredClone(value) as unknown[]));
    else holder[`${key}2`] = value;
  }),
  mutation('a number changed', ({ holder, key }, random) => {
    const value = holder[key];
    if (typeof value === 'number')
      holder[key] = random.pick([value + 1, value - 1, -value, value * 1e6, value / 1e6, 0]);
  }),
  mutation('a text grown', ({ holder, key }, random) => {
    if (typeof holder[key] === 'string') holder[key] = holder[key].repeat(random.between(2, 200));
  }),
  {
    name: 'a key twice',
    change: (text, random) =>
      edit(text, (root) => {
        const { holder, key } = pickSpot(root, random);
        if (Array.isArray(holder)) return;
        const value = holder[key];
        const empty = Array.isArray(value) ? [] : isRecord(value) ? {} : 0;
        holder[`${key}${TWIN}`] = random.pick([empty, empty, value, random.pick(ODD_VALUES)]);
      })?.replaceAll(TWIN, '') ?? null,
  },
  { name: 'in a list', change: (text) => (isJson(text) ? `[${text}]` : null) },
  { name: 'in an object', change: (text) => (isJson(text) ? `{"report":${text}}` : null) },
  { name: 'deep inside', change: (text) => (isJson(text) ? `${'['.repeat(250)}${text}${']'.repeat(250)}` : null) },
];

const TWIN = '~twin~';

function mutation(name: string, change: (spot: Spot, random: Random) => void): Mutation {
  return {
    name,
    change: (text, random) =>
      edit(text, (root) => {
        change(pickSpot(root, random), random);
      }),
  };
}

function edit(text: string, change: (root: Record<string, unknown>) => void): string | null {
  const root = parse(text);
  if (root === null || spots(root).length === 0) return null;
  const indent = JSON.stringify(root, null, 2) === text.trim() ? 2 : 0;
  change(root);
  return JSON.stringify(root, null, indent);
}

function isJson(text: string): boolean {
  return parse(text) !== null;
}

function parse(text: string): Record<string, unknown> | null {
  if (!/^\s*[{[]/.test(text)) return null;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}

/** What stands near the top says more than one of many values deep inside. */
function pickSpot(root: Record<string, unknown>, random: Random): Spot {
  let from: unknown = root;
  for (;;) {
    const own = spots(from, 1);
    const { holder, key } = random.pick(own);
    if (random.chance(0.3) || spots(holder[key], 1).length === 0) return { holder, key };
    if (random.chance(0.2)) return random.pick(spots(root));
    from = holder[key];
  }
}

function spots(root: unknown, depth = Infinity): readonly Spot[] {
  if (typeof root !== 'object' || root === null) return [];
  const holder = root as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...(depth > 1 ? spots(holder[key], depth - 1) : [])]);
}
