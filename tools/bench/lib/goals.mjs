import { factor, table } from './table.mjs';

/** @typedef {{ what: string, atMost?: number, atLeast?: number }} Goal */

/**
 * @param {Readonly<Record<string, number>>} ratios
 * @param {Readonly<Record<string, Goal>>} goals
 * @param {readonly string[]} bounds ratios that are lower bounds
 */
export function goalTable(ratios, goals, bounds) {
  const rows = Object.entries(ratios).map(([key, value]) => {
    const goal = goals[key];
    const wanted =
      goal?.atMost !== undefined
        ? `≤ ${factor(goal.atMost)}`
        : goal?.atLeast !== undefined
          ? `≥ ${factor(goal.atLeast)}`
          : '–';
    return [
      key,
      `${bounds.includes(key) ? '≥ ' : ''}${factor(value)}`,
      wanted,
      verdict(value, goal, bounds.includes(key)),
      goal?.what ?? '',
    ];
  });
  return table(['Ratio', 'Value', 'Goal', 'Met', 'What'], rows);
}

function verdict(value, goal, isBound) {
  if (goal?.atMost !== undefined) return value <= goal.atMost && !isBound ? 'yes' : 'NO';
  if (goal?.atLeast !== undefined) return value >= goal.atLeast ? 'yes' : isBound ? 'unknown' : 'NO';
  return '';
}
