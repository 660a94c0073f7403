import type { CaseResult } from './run-case';

const STRIKES = [
  ...['executor before', 'executor during', 'executor after', 'nx before', 'nx during', 'nx after'],
  'Ctrl-C',
] as const;

/** The tables of docs/faults.md: kills, one line for each kind of side effect; then what was missing. */
export function table(results: readonly CaseResult[]): string {
  const kills = results.filter(({ at }) => at !== null);
  const effects = [...new Set(kills.map(({ at }) => at?.effect ?? ''))].sort();
  const rows = effects.map((effect) => {
    const cells = STRIKES.map((strike) =>
      cell(kills.filter(({ at }) => at?.effect === effect && at.strike === strike)),
    );
    // As code: its stars are none of Markdown's.
    return `| ${effect.replace(/: (.*)$/, ': `$1`')} | ${cells.join(' | ')} |`;
  });
  const outages = results.filter(({ at }) => at === null);
  return [
    ...(rows.length === 0
      ? []
      : [`| side effect | ${STRIKES.join(' | ')} |`, `| --- |${' --: |'.repeat(7)}`, ...rows, '']),
    ...(outages.length === 0 ? [] : ['| what went wrong | result |', '| --- | --- |']),
    ...outages.map(({ name, passed }) => `| ${name} | ${passed ? 'held' : '**failed**'} |`),
    '',
  ].join('\n');
}

/** How many held of those that were tried; a dash where none was. */
function cell(results: readonly CaseResult[]): string {
  const held = results.filter(({ passed }) => passed).length;
  if (results.length === 0) return '–';
  return held === results.length ? String(held) : `**${held} of ${results.length}**`;
}

/** The last line of a run. */
export function total(results: readonly CaseResult[]): string {
  const passed = results.filter((result) => result.passed).length;
  return `faults: ${passed} passed, ${results.length - passed} failed`;
}
