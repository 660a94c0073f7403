import { z } from 'zod';
import { bestId, brief } from './advisory';
import { toComponent } from './component';
import { firstFix } from './fixed-version';
import { isRecord, type ReportInput, type ReportReader } from './input';
import { parseShape } from './json';
import { ReportError, type SecurityFinding, type SecurityReport } from './report';
import { severityOfScore, severityOfVector, toSeverity, worstSeverity } from './severity';

const event = z.object({ fixed: z.string().nullish() });
const vulnerability = z.object({
  id: z.string().min(1),
  aliases: z.array(z.string()).nullish(),
  summary: z.string().nullish(),
  details: z.string().nullish(),
  severity: z.array(z.object({ type: z.string(), score: z.string() })).nullish(),
  affected: z
    .array(
      z.object({
        package: z.object({ name: z.string() }).nullish(),
        ranges: z.array(z.object({ type: z.string(), events: z.array(event) })).nullish(),
      }),
    )
    .nullish(),
  database_specific: z.object({ severity: z.unknown().optional() }).nullish(),
});
type Vulnerability = z.output<typeof vulnerability>;
const group = z.object({ ids: z.array(z.string()).min(1), max_severity: z.string().nullish() });
const found = z.object({
  package: z.object({ name: z.string(), version: z.string().nullish(), ecosystem: z.string().nullish() }),
  vulnerabilities: z.array(vulnerability).nullish(),
  groups: z.array(group).nullish(),
});
type Found = z.output<typeof found>;
const shape = z.object({
  results: z.array(z.object({ source: z.object({ path: z.string() }), packages: z.array(found) })),
});

/** `osv-scanner --format=json`. It lists packages with findings only, and writes no report where it found no package. */
export const osv: ReportReader<'osv'> = {
  format: 'osv',
  kind: 'security',
  title: 'OSV-Scanner JSON',
  recognises: (input) =>
    input.syntax === 'json' &&
    isRecord(input.value) &&
    Array.isArray(input.value.results) &&
    ('experimental_config' in input.value || isResult(input.value.results[0])),
  read: readOsv,
};

function isResult(value: unknown): boolean {
  return isRecord(value) && isRecord(value.source) && 'path' in value.source && Array.isArray(value.packages);
}

function readOsv(input: ReportInput): SecurityReport {
  const { results } = parseShape(shape, input.syntax === 'json' ? input.value : null, 'OSV-Scanner JSON');
  const findings = results.flatMap(({ packages }) => packages.flatMap(findingsOf));
  // Only with --all-packages does it list the ones without findings as well.
  const packages = results.flatMap((result) => result.packages);
  const listsAll = packages.some((one) => (one.vulnerabilities ?? []).length === 0);
  return { kind: 'security', findings, scanned: listsAll ? packages.length : null, unaudited: [], suppressed: 0 };
}

/** Advisories of several databases on one vulnerability are one group, and one finding. */
function findingsOf(one: Found): SecurityFinding[] {
  const left = new Map((one.vulnerabilities ?? []).map((vulnerability) => [vulnerability.id, vulnerability]));
  const groups = (one.groups ?? []).map(({ ids, max_severity }) => {
    const members = ids.map((id) => {
      const member = left.get(id);
      if (!member) {
        throw new ReportError('contradictory', `groups ${brief(id, 'an advisory')} but does not list it, or twice`);
      }
      left.delete(id);
      return member;
    });
    return findingOf(one, members, max_severity);
  });
  return [...groups, ...[...left.values()].map((member) => findingOf(one, [member], null))];
}

function findingOf(
  { package: { name, version, ecosystem } }: Found,
  members: readonly Vulnerability[],
  maximum: string | null | undefined,
): SecurityFinding {
  const names = [...new Set(members.flatMap((member) => [member.id, ...(member.aliases ?? [])]))];
  const id = bestId(names);
  const installed = version || null;
  return {
    id,
    aliases: names.filter((alias) => alias !== id),
    severity: worstSeverity([
      ...(maximum ? [severityOfScore(Number(maximum))] : []),
      ...members.flatMap(({ severity, database_specific: own }) => [
        ...(severity ?? []).map(severityOfRating),
        ...(typeof own?.severity === 'string' ? [toSeverity(own.severity)] : []),
      ]),
    ]),
    title: brief(members.map(({ summary, details }) => summary ?? details).find(Boolean), id),
    component: toComponent(ecosystem, name, installed),
    file: null,
    line: null,
    fixedIn: firstFix(
      members.flatMap((member) => fixesOf(member, name)),
      installed,
    ),
    url: `https://osv.dev/vulnerability/${encodeURIComponent(members[0]?.id ?? id)}`,
  };
}

function severityOfRating({
  type,
  score,
}: {
  readonly type: string;
  readonly score: string;
}): ReturnType<typeof toSeverity> {
  return type.startsWith('CVSS_V') ? severityOfVector(score) : toSeverity(score);
}

function fixesOf(member: Vulnerability, name: string): string[] {
  return (member.affected ?? [])
    .filter((affected) => affected.package?.name === name)
    .flatMap(({ ranges }) => (ranges ?? []).filter(({ type }) => type !== 'GIT'))
    .flatMap(({ events }) => events.flatMap(({ fixed }) => (fixed ? [fixed] : [])));
}
