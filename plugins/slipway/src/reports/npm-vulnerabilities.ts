import { z } from 'zod';
import { brief, ghsaIn } from './advisory';
import { fixAfterRange } from './fixed-version';
import { parseShape } from './json';
import { ReportError, SEVERITIES, type SecurityFinding, type SecurityReport } from './report';
import { severityRank, toSeverity } from './severity';

const count = z.number().int().min(0);
const advisory = z.object({
  source: z.union([z.number(), z.string()]),
  title: z.string().nullish(),
  url: z.string().nullish(),
  severity: z.string().nullish(),
  range: z.string().nullish(),
});
const entry = z.object({
  name: z.string().min(1),
  severity: z.string().nullish(),
  via: z.array(z.union([z.string(), advisory])).min(1, 'a vulnerable package without a cause'),
  isDirect: z.boolean().nullish(),
  fixAvailable: z.union([z.boolean(), z.object({ name: z.string(), version: z.string() })]).nullish(),
});
const shape = z.object({
  vulnerabilities: z.record(z.string(), entry),
  metadata: z.object({
    vulnerabilities: z.object({
      info: count,
      low: count,
      moderate: count,
      high: count,
      critical: count,
      total: count.optional(),
    }),
    dependencies: z.object({ total: count }).nullish(),
  }),
});
type Entry = z.output<typeof entry>;
type Entries = ReadonlyMap<string, Entry>;

/** Version 2 of npm's format. Each advisory counts once for the package it is about; who depends on that is no finding of its own. */
export function readNpmVulnerabilities(json: unknown): SecurityReport {
  const { vulnerabilities, metadata } = parseShape(shape, json, 'npm audit JSON');
  const entries: Entries = new Map(Object.entries(vulnerabilities));
  crossCheck(entries, metadata.vulnerabilities);
  const findings: SecurityFinding[] = [];
  for (const [name, one] of entries) {
    const seen = new Set<string>();
    for (const cause of one.via) {
      if (typeof cause === 'string') continue;
      const id = ghsaIn(cause.url) ?? `npm:${cause.source}`;
      if (seen.has(id)) continue;
      seen.add(id);
      findings.push({
        id,
        aliases: [],
        severity: toSeverity(cause.severity),
        title: brief(cause.title, id),
        component: { ecosystem: 'npm', name, version: null },
        file: null,
        line: null,
        fixedIn: fixAfterRange(cause.range),
        url: cause.url ?? null,
        ...fixOf(one, fixAfterRange(cause.range)),
      });
    }
  }
  return { kind: 'security', findings, scanned: metadata.dependencies?.total ?? null, unaudited: [], suppressed: 0 };
}

/** Where the project names the package itself and its fixed version is known, that says more than `npm audit fix`. */
function fixOf({ fixAvailable, isDirect }: Entry, fixedIn: string | null): { readonly fix?: string } {
  if (fixAvailable === true) return isDirect && fixedIn !== null ? {} : { fix: 'npm audit fix' };
  return typeof fixAvailable === 'object' && fixAvailable !== null
    ? { fix: `npm install ${fixAvailable.name}@${fixAvailable.version}` }
    : {};
}

/** The summary counts packages by severity; a package is as severe as the worst advisory that it leads to. */
function crossCheck(entries: Entries, claimed: Readonly<Record<string, number | undefined>>): void {
  const severities = [...entries.values()].map(({ severity }) => toSeverity(severity));
  for (const [name, wanted] of Object.entries(claimed)) {
    const listed =
      name === 'total' ? severities.length : severities.filter((severity) => severity === toSeverity(name)).length;
    if (wanted !== undefined && listed !== wanted)
      throw new ReportError('contradictory', `claims ${wanted} vulnerable packages (${name}) but lists ${listed}`);
  }
  const worst = worstReached(entries);
  for (const [name, one] of entries) {
    if (one.name !== name) {
      throw new ReportError('contradictory', `lists ${brief(one.name, 'a package')} under another name`);
    }
    const reached = worst.get(name);
    const severity = toSeverity(one.severity);
    if (reached !== undefined && reached <= severityRank(severity)) continue;
    throw new ReportError(
      'contradictory',
      `${brief(name, 'a package')} is ${severity} but its advisories are ${SEVERITIES[reached ?? -1] ?? 'missing'}`,
    );
  }
}

/** Rank of the worst advisory that each package leads to, itself or through what it depends on. */
function worstReached(entries: Entries): ReadonlyMap<string, number> {
  const dependents = new Map<string, string[]>();
  const own: string[][] = SEVERITIES.map(() => []);
  for (const [name, { via }] of entries) {
    for (const cause of via) {
      if (typeof cause !== 'string') own[severityRank(toSeverity(cause.severity))]?.push(name);
      else if (entries.has(cause)) push(dependents, cause, name);
      else throw new ReportError('contradictory', `names ${brief(cause, 'a package')} as a cause but does not list it`);
    }
  }
  const reached = new Map<string, number>();
  own.forEach((names, rankOfNames) => {
    const queue = [...names];
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      if (reached.has(name)) continue;
      reached.set(name, rankOfNames);
      for (const dependent of dependents.get(name) ?? []) queue.push(dependent);
    }
  });
  return reached;
}

function push(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
