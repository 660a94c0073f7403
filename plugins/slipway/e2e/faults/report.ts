import type { CaseResult } from './run-case';

/** The table of docs/faults.md: one line for each group of faults. */
export function table(results: readonly CaseResult[]): string {
  const groups = new Map<string, CaseResult[]>();
  for (const result of results) {
    const group = result.name.replace(/ #\d+$/, '');
    groups.set(group, [...(groups.get(group) ?? []), result]);
  }
  const rows = [...groups].map(([group, all]) => {
    const failed = all.filter(({ passed }) => !passed).length;
    return `| ${group} | ${all.length} | ${failed === 0 ? 'held' : `**${failed} failed**`} |`;
  });
  return ['| fault | points | result |', '| --- | --: | --- |', ...rows, ''].join('\n');
}

/** The last line of a run. */
export function total(results: readonly CaseResult[]): string {
  const passed = results.filter((result) => result.passed).length;
  return `faults: ${passed} passed, ${results.length - passed} failed`;
}
