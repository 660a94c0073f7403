import { z } from 'zod';
import { brief } from './advisory';
import { isRecord, type ReportInput, type ReportReader } from './input';
import { parseShape } from './json';
import { originOf } from './origin';
import { ReportError, type Origin, type SecurityFinding, type SecurityReport, type Severity } from './report';
import { severityOfScore } from './severity';

const index = z.number().int().min(-1);
const level = z.enum(['none', 'note', 'warning', 'error']);
const properties = z.object({ 'security-severity': z.union([z.string(), z.number()]).nullish() }).nullish();
const message = z.object({ text: z.string().nullish() }).nullish();
const rule = z.object({
  id: z.string(),
  shortDescription: message,
  helpUri: z.string().nullish(),
  defaultConfiguration: z.object({ level: level.nullish() }).nullish(),
  properties,
});
type Rule = z.output<typeof rule>;
const component = z.object({ rules: z.array(rule).nullish() });
const artifactLocation = z.object({ uri: z.string().nullish(), index: index.nullish() }).nullish();
const notification = z.object({ level: level.nullish(), message });
const result = z.object({
  ruleId: z.string().nullish(),
  ruleIndex: index.nullish(),
  rule: z
    .object({
      id: z.string().nullish(),
      index: index.nullish(),
      toolComponent: z.object({ index: index.nullish() }).nullish(),
    })
    .nullish(),
  kind: z.enum(['notApplicable', 'pass', 'fail', 'review', 'open', 'informational']).nullish(),
  level: level.nullish(),
  message,
  baselineState: z.enum(['new', 'unchanged', 'updated', 'absent']).nullish(),
  suppressions: z.array(z.object({ status: z.enum(['accepted', 'underReview', 'rejected']).nullish() })).nullish(),
  locations: z
    .array(
      z.object({
        physicalLocation: z
          .object({ artifactLocation, region: z.object({ startLine: z.number().int().nullish() }).nullish() })
          .nullish(),
      }),
    )
    .nullish(),
  properties,
});
type Result = z.output<typeof result>;
const run = z.object({
  tool: z.object({
    driver: component.extend({
      name: z.string().min(1),
      version: z.string().nullish(),
      semanticVersion: z.string().nullish(),
    }),
    extensions: z.array(component).nullish(),
  }),
  /** The standard lets a run without results say that the tool did not scan. */
  results: z.array(result),
  artifacts: z.array(z.object({ location: artifactLocation })).nullish(),
  invocations: z
    .array(
      z.object({
        executionSuccessful: z.boolean(),
        startTimeUtc: z.string().nullish(),
        endTimeUtc: z.string().nullish(),
        toolExecutionNotifications: z.array(notification).nullish(),
        toolConfigurationNotifications: z.array(notification).nullish(),
      }),
    )
    .nullish(),
  externalPropertyFileReferences: z.object({ results: z.array(z.unknown()).nullish() }).nullish(),
});
type Run = z.output<typeof run>;
const shape = z.object({ runs: z.array(run).min(1, 'holds no run') });

/** SARIF 2.1.0, the OASIS standard that most analysers of source write. */
export const sarif: ReportReader<'sarif'> = {
  format: 'sarif',
  kind: 'security',
  title: 'SARIF',
  recognises: (input) =>
    input.syntax === 'json' &&
    isRecord(input.value) &&
    'runs' in input.value &&
    ('version' in input.value || '$schema' in input.value),
  read: readSarif,
};

function readSarif(input: ReportInput): SecurityReport {
  const json = input.syntax === 'json' && isRecord(input.value) ? input.value : {};
  if (json.version !== '2.1.0') {
    throw new ReportError('unknownVersion', `SARIF of version ${brief(String(json.version), 'none')}; 2.1.0 is known`);
  }
  const { runs } = parseShape(shape, json, 'SARIF');
  const findings: SecurityFinding[] = [];
  const unaudited: { name: string; reason: string }[] = [];
  let suppressed = 0;
  const rulesById = indexer();
  for (const one of runs) {
    refuseBroken(one);
    for (const found of one.results) {
      const known = ruleOf(one, found, rulesById);
      const id = found.ruleId ?? found.rule?.id ?? known?.id ?? 'unnamed rule';
      if (found.baselineState === 'absent') continue;
      if (found.kind === 'open' || found.kind === 'review') {
        unaudited.push({ name: id, reason: `${one.tool.driver.name} could not decide, and asks a person` });
      } else if (found.kind != null && found.kind !== 'fail') continue;
      else if (isSuppressed(found)) suppressed += 1;
      else findings.push(findingOf(one, found, known, id));
    }
  }
  return {
    kind: 'security',
    findings,
    // Its lists of files and rules hold what results point to, not what was looked at.
    scanned: null,
    unaudited,
    suppressed,
    origin: originOfRuns(runs),
  };
}

function refuseBroken({ tool, invocations, externalPropertyFileReferences }: Run): void {
  const { name } = tool.driver;
  if ((externalPropertyFileReferences?.results ?? []).length > 0) {
    throw new ReportError('malformed', `keeps results of ${name} in other files, which are not read`);
  }
  for (const invocation of invocations ?? []) {
    const errors = [
      ...(invocation.toolExecutionNotifications ?? []),
      ...(invocation.toolConfigurationNotifications ?? []),
    ].filter((one) => one.level === 'error');
    if (invocation.executionSuccessful && errors.length === 0) continue;
    throw new ReportError('toolError', `${name} failed: ${brief(errors[0]?.message?.text, 'it does not say why')}`);
  }
}

/** As the standard says: one that is under review or was rejected leaves the result as it is. */
function isSuppressed({ suppressions }: Result): boolean {
  return (
    suppressions != null &&
    suppressions.length > 0 &&
    suppressions.every(({ status }) => status == null || status === 'accepted')
  );
}

type RulesById = ReadonlyMap<string, Rule>;

/** Each list of rules is indexed once: there can be thousands, and a hundred thousand results. */
function indexer(): (rules: readonly Rule[]) => RulesById {
  const known = new Map<readonly Rule[], RulesById>();
  return (rules) => {
    const found = known.get(rules) ?? new Map(rules.toReversed().map((rule) => [rule.id, rule]));
    known.set(rules, found);
    return found;
  };
}

function ruleOf({ tool }: Run, found: Result, rulesById: (rules: readonly Rule[]) => RulesById): Rule | null {
  const extension = found.rule?.toolComponent?.index;
  const rules = (extension != null && extension >= 0 ? tool.extensions?.[extension] : tool.driver)?.rules ?? [];
  const at = found.ruleIndex ?? found.rule?.index ?? -1;
  const id = found.ruleId ?? found.rule?.id;
  if (at >= 0) {
    const known = rules[at];
    if (!known) throw new ReportError('contradictory', `a result names rule ${at}, but there are ${rules.length}`);
    return known;
  }
  if (id == null) return null;
  const byId = rulesById(rules);
  // An id may name a sub-rule: `CA1000/1`.
  for (let name = id.slice(0, 1_000); name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('/')))) {
    const known = byId.get(name);
    if (known) return known;
  }
  return null;
}

const OF_LEVEL = { error: 'high', warning: 'medium', note: 'low', none: 'info' } as const;

function severityOf(found: Result, known: Rule | null): Severity {
  const score = found.properties?.['security-severity'] ?? known?.properties?.['security-severity'];
  if (score != null) return String(score).trim() === '' ? 'unknown' : severityOfScore(Number(score));
  return OF_LEVEL[found.level ?? known?.defaultConfiguration?.level ?? 'warning'];
}

function findingOf(one: Run, found: Result, known: Rule | null, id: string): SecurityFinding {
  const place = found.locations?.[0]?.physicalLocation;
  const at = place?.artifactLocation?.index;
  const uri = place?.artifactLocation?.uri ?? (at != null && at >= 0 ? one.artifacts?.[at]?.location?.uri : null);
  const line = place?.region?.startLine;
  return {
    id,
    aliases: [],
    severity: severityOf(found, known),
    title: brief(found.message?.text ?? known?.shortDescription?.text, id),
    component: null,
    file: uri == null ? null : toPath(uri),
    line: line != null && line > 0 ? line : null,
    fixedIn: null,
    url: known?.helpUri ?? null,
  };
}

function toPath(uri: string): string {
  const path = uri.replace(/^file:\/\/(localhost(?=\/))?/, '').replace(/^\.\//, '');
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}

/** Of several runs the oldest counts. */
function originOfRuns(runs: readonly Run[]): Origin {
  const moments = runs.map(({ invocations }) => {
    const last = invocations?.at(-1);
    return originOf({ measuredAt: last?.endTimeUtc ?? last?.startTimeUtc }).measuredAt;
  });
  const drivers = runs.map(({ tool }) => tool.driver);
  return originOf({
    measuredAt: moments.includes(null) ? null : [...moments].sort()[0],
    tool: drivers.map(({ name }) => name).join(', '),
    toolVersion: drivers
      .map((driver) => driver.semanticVersion ?? driver.version ?? '')
      .join(', ')
      .replace(/^[, ]+$/, ''),
  });
}
