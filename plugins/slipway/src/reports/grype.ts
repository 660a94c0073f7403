import { z } from 'zod';
import { bestId, brief } from './advisory';
import { componentOfPurl, toComponent } from './component';
import { firstFix } from './fixed-version';
import { isRecord, type ReportInput, type ReportReader } from './input';
import { parseShape } from './json';
import { originOf } from './origin';
import { ReportError, type SecurityFinding, type SecurityReport } from './report';
import { toSeverity } from './severity';

const match = z.object({
  vulnerability: z.object({
    id: z.string().min(1),
    severity: z.string().nullish(),
    description: z.string().nullish(),
    dataSource: z.string().nullish(),
    fix: z.object({ versions: z.array(z.string()).nullish() }).nullish(),
  }),
  relatedVulnerabilities: z.array(z.object({ id: z.string() })).nullish(),
  artifact: z.object({
    name: z.string().min(1),
    version: z.string().nullish(),
    type: z.string().nullish(),
    purl: z.string().nullish(),
  }),
});
const database = z.object({ built: z.string().nullish(), error: z.unknown().optional() });
const shape = z.object({
  matches: z.array(match),
  ignoredMatches: z.array(z.unknown()).nullish(),
  /** Filters that people put behind it drop this; nothing is judged by it but the database's error. */
  descriptor: z
    .object({
      version: z.string().nullish(),
      timestamp: z.string().nullish(),
      /** Its date stands under `status` since version 0.88. */
      db: database.extend({ status: database.nullish() }).nullish(),
    })
    .optional(),
});

/** `grype --output=json`. */
export const grype: ReportReader<'grype'> = {
  format: 'grype',
  kind: 'security',
  title: 'Grype JSON',
  recognises: (input) =>
    input.syntax === 'json' &&
    isRecord(input.value) &&
    'matches' in input.value &&
    ('descriptor' in input.value || isMatch([input.value.matches].flat()[0])),
  read: readGrype,
};

function isMatch(value: unknown): boolean {
  return isRecord(value) && 'vulnerability' in value && 'artifact' in value;
}

function readGrype(input: ReportInput): SecurityReport {
  const json = parseShape(shape, input.syntax === 'json' ? input.value : null, 'Grype JSON');
  const { db, version, timestamp } = json.descriptor ?? {};
  const error = db?.error ?? db?.status?.error;
  if (error) {
    throw new ReportError(
      'toolError',
      `Grype could not use its database: ${brief(typeof error === 'string' ? error : JSON.stringify(error), 'no reason given')}`,
    );
  }
  return {
    kind: 'security',
    findings: json.matches.map(findingOf),
    scanned: null,
    unaudited: [],
    suppressed: json.ignoredMatches?.length ?? 0,
    origin: originOf({
      measuredAt: timestamp,
      tool: 'Grype',
      toolVersion: version,
      database: db?.built ?? db?.status?.built,
    }),
  };
}

function findingOf({ vulnerability, relatedVulnerabilities, artifact }: z.output<typeof match>): SecurityFinding {
  const names = [...new Set([vulnerability.id, ...(relatedVulnerabilities ?? []).map(({ id }) => id)])];
  const id = bestId(names);
  const installed = artifact.version || null;
  return {
    id,
    aliases: names.filter((alias) => alias !== id),
    severity: toSeverity(vulnerability.severity),
    title: brief(vulnerability.description, id),
    component: componentOfPurl(artifact.purl) ?? toComponent(artifact.type, artifact.name, installed),
    file: null,
    line: null,
    fixedIn: firstFix(vulnerability.fix?.versions ?? [], installed),
    url: vulnerability.dataSource ?? null,
  };
}
