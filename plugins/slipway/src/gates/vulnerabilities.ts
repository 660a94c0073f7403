import { bestId } from '../reports/advisory';
import type { SecurityFinding } from '../reports/report';
import { severityRank, worstSeverity } from '../reports/severity';

/** One vulnerability of one package, or what one rule says of one place, by however many tools it is told. */
export interface Vulnerability extends SecurityFinding {
  /** All installed versions that are affected, as far as told. */
  readonly versions: readonly string[];
  /** `<ecosystem>/<package>:<id>`, or `<rule>:<file>`: the same while the finding is, also where lines move. */
  readonly key: string;
}

/**
 * Findings of several reports as one list, worst first. Tools call one vulnerability by different names: it is the same where
 * any of these is the same for the same package. Its severity is the worst that any tool knows.
 */
export function mergeFindings(findings: readonly SecurityFinding[]): Vulnerability[] {
  const groups = new Map<number, SecurityFinding[]>();
  const parents = findings.map((_, index) => index);
  const known = new Map<string, number>();
  findings.forEach((finding, index) => {
    const place = placeOf(finding);
    for (const name of [finding.id, ...finding.aliases]) {
      const key = `${place}\0${name}`;
      const other = known.get(key);
      if (other === undefined) known.set(key, index);
      else parents[rootOf(parents, index)] = rootOf(parents, other);
    }
  });
  findings.forEach((finding, index) => {
    const root = rootOf(parents, index);
    const group = groups.get(root);
    if (group) group.push(finding);
    else groups.set(root, [finding]);
  });
  return [...groups.values()].map(merge).sort(byRank);
}

function placeOf({ component, file, line }: SecurityFinding): string {
  return component === null ? `file\0${file}\0${line}` : `package\0${component.ecosystem}\0${component.name}`;
}

function rootOf(parents: number[], start: number): number {
  let index = start;
  for (let parent = parents[index] ?? index; parent !== index; parent = parents[index] ?? index) {
    // Halves the way for whoever comes next.
    parents[index] = parents[parent] ?? parent;
    index = parent;
  }
  return index;
}

function merge(group: readonly SecurityFinding[]): Vulnerability {
  const [first] = group as [SecurityFinding, ...SecurityFinding[]];
  const names = [...new Set(group.flatMap(({ id, aliases }) => [id, ...aliases]))].sort();
  const id = bestId(names);
  const { component } = first;
  const fix = group.find((one) => one.fix !== undefined)?.fix;
  return {
    ...first,
    id,
    aliases: names.filter((name) => name !== id),
    severity: worstSeverity(group.map(({ severity }) => severity)),
    fixedIn: group.map(({ fixedIn }) => fixedIn).find((version) => version !== null) ?? null,
    url: group.map(({ url }) => url).find((url) => url !== null) ?? null,
    ...(fix === undefined ? {} : { fix }),
    versions: [...new Set(group.flatMap((one) => one.component?.version ?? []))],
    key:
      component === null ? `${id}:${first.file ?? '-'}` : `${component.ecosystem ?? 'package'}/${component.name}:${id}`,
  };
}

function byRank(a: Vulnerability, b: Vulnerability): number {
  return severityRank(a.severity) - severityRank(b.severity) || compare(a.key, b.key) || (a.line ?? 0) - (b.line ?? 0);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
