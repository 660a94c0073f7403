import { z } from 'zod';
import { agreeBySeverity, bestId, brief, ghsaIn } from './advisory';
import { fixInRange } from './fixed-version';
import { parseShape } from './json';
import type { SecurityFinding, SecurityReport } from './report';
import { toSeverity } from './severity';

const count = z.number().int().min(0);

/** One advisory as version 1 of npm's format and Yarn 1 write it. */
export const npmAdvisory = z.object({
  id: z.union([z.number(), z.string()]),
  module_name: z.string().min(1),
  severity: z.string().nullish(),
  title: z.string().nullish(),
  url: z.string().nullish(),
  cves: z.array(z.string()).nullish(),
  github_advisory_id: z.string().nullish(),
  patched_versions: z.string().nullish(),
  findings: z.array(z.object({ version: z.string().nullish() })).nullish(),
});

/** How both write their summary. */
export const npmSummary = z.object({
  vulnerabilities: z.object({ info: count, low: count, moderate: count, high: count, critical: count }),
  dependencies: count.nullish(),
  devDependencies: count.nullish(),
  optionalDependencies: count.nullish(),
  totalDependencies: count.nullish(),
});

const shape = z.object({
  advisories: z.record(z.string(), npmAdvisory),
  muted: z.array(z.unknown()).nullish(),
  metadata: npmSummary,
});

/** Version 1 of npm's format. */
export function readNpmAdvisories(json: unknown): SecurityReport {
  const { advisories, muted, metadata } = parseShape(shape, json, 'npm audit JSON');
  const findings = Object.values(advisories).map(findingOfAdvisory);
  agreeBySeverity(
    metadata.vulnerabilities,
    findings.map(({ severity }) => severity),
  );
  return {
    kind: 'security',
    findings,
    scanned: scannedOf(metadata),
    unaudited: [],
    suppressed: muted?.length ?? 0,
  };
}

export function findingOfAdvisory(advisory: z.output<typeof npmAdvisory>): SecurityFinding {
  const ghsa = ghsaIn(advisory.github_advisory_id) ?? ghsaIn(advisory.url);
  const names = [...(ghsa === null ? [] : [ghsa]), ...(advisory.cves ?? [])];
  const id = names.length > 0 ? bestId(names) : `npm:${advisory.id}`;
  const version = advisory.findings?.[0]?.version ?? null;
  return {
    id,
    aliases: names.filter((name) => name !== id),
    severity: toSeverity(advisory.severity),
    title: brief(advisory.title, id),
    component: { ecosystem: 'npm', name: advisory.module_name, version },
    file: null,
    line: null,
    fixedIn: fixInRange(advisory.patched_versions, version),
    url: advisory.url ?? null,
  };
}

/** Null where the summary has no counts of packages. */
export function scannedOf(summary: z.output<typeof npmSummary>): number | null {
  if (summary.totalDependencies != null) return summary.totalDependencies;
  if (summary.dependencies == null) return null;
  return summary.dependencies + (summary.devDependencies ?? 0) + (summary.optionalDependencies ?? 0);
}
