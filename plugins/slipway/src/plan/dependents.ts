import type { LineState } from './line-state';

/** Why a line must be released again: by each of its members, the ones it depends on that get a new version. */
export type Dependents = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/**
 * The lines that get a new version because others do: a member depends, over any number of steps, on one that does.
 * Linear in projects and dependencies; cycles end where they began.
 * @param bumped names of lines that get a new version anyway.
 * @returns by line, of all that get a new version; those of `bumped` too.
 */
export function findDependents(lines: readonly LineState[], bumped: Iterable<string>): Dependents {
  const byName = new Map(lines.map((line) => [line.name, line]));
  const lineOf = new Map(lines.flatMap(({ name, projects }) => projects.map((project) => [project, name])));
  const dependents = new Map<string, { readonly project: string; readonly line: string }[]>();
  for (const { name: line, members } of lines) {
    for (const { name: project, dependencies } of members) {
      for (const dependency of new Set(dependencies)) {
        const other = lineOf.get(dependency);
        // Members of one line get their version together; that is no reason for another.
        if (other === undefined || other === line) continue;
        const known = dependents.get(dependency);
        if (known) known.push({ project, line });
        else dependents.set(dependency, [{ project, line }]);
      }
    }
  }
  const found = new Map<string, Map<string, string[]>>();
  const waiting: string[] = [];
  const add = (line: string): Map<string, string[]> => {
    const known = found.get(line);
    if (known) return known;
    const reasons = new Map<string, string[]>();
    found.set(line, reasons);
    waiting.push(line);
    return reasons;
  };
  for (const line of bumped) add(line);
  for (let line = waiting.pop(); line !== undefined; line = waiting.pop()) {
    for (const dependency of byName.get(line)?.projects ?? []) {
      for (const { project, line: dependent } of dependents.get(dependency) ?? []) {
        const reasons = add(dependent);
        const known = reasons.get(project);
        if (known) known.push(dependency);
        else reasons.set(project, [dependency]);
      }
    }
  }
  return found;
}
