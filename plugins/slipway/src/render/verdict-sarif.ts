import type * as Sarif from 'sarif';
import type { CheckResult, Finding } from '../gates/check';
import type { ProjectVerdict } from '../gates/judge';
import { inWorkspace, type Places } from '../gates/place';
import { identityOf } from '../gates/waivers';
import { oneLine } from './neutralise';
import { orderedFindings } from './ordered-findings';
import { checkTitle, reportsOf } from './reports-of';
import { waiverText } from './verdict-words';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
/** Name of our fingerprint and its version, as SARIF wants it (3.27.17). */
const FINGERPRINT = 'slipway/v1';

/**
 * A verdict as SARIF 2.1.0, for code scanning and editors: one run, a rule for each check, a result for each finding of a check that
 * fails, is waived or passes with findings. What could not be judged is a notification, and makes the run unsuccessful, so that no
 * reader takes the lack of results for a pass.
 */
export function verdictSarif(verdict: ProjectVerdict, places: Places): string {
  const judged = verdict.checks.filter((check) => check.verdict !== 'notApplicable');
  const rules = [...new Set(verdict.checks.map(({ check }) => check))].map(ruleOf);
  const log: Sarif.Log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: verdict.tool.name, version: verdict.tool.version, rules } },
        // Keeps the results of projects apart where several files are uploaded for one commit.
        automationDetails: { id: `slipway/${verdict.project}/` },
        invocations: [
          {
            executionSuccessful: !judged.some((check) => check.verdict === 'inconclusive'),
            toolExecutionNotifications: judged.filter((check) => check.verdict === 'inconclusive').map(notification),
          },
        ],
        results: verdict.checks.flatMap((check) =>
          resultsOf(
            check,
            rules.findIndex(({ id }) => id === check.check),
            verdict,
            places,
          ),
        ),
        columnKind: 'utf16CodeUnits',
        properties: {
          project: verdict.project,
          verdict: verdict.verdict,
          checks: verdict.checks.map(({ check, verdict: word, reason, measured, limit, unit }) => ({
            ...{ check, verdict: word, reason, measured, limit, unit },
          })),
        },
      },
    ],
  };
  return `${JSON.stringify(log, wellFormed, 2)}\n`;
}

function ruleOf(check: string): Sarif.ReportingDescriptor {
  return {
    id: check,
    shortDescription: { text: message(checkTitle(check)) },
    defaultConfiguration: { level: 'error' },
  };
}

function notification({ check, reason }: CheckResult): Sarif.Notification {
  return {
    associatedRule: { id: check },
    level: 'error',
    message: { text: message(`${check} is inconclusive: ${reason}`) },
  };
}

function resultsOf(check: CheckResult, ruleIndex: number, verdict: ProjectVerdict, places: Places): Sarif.Result[] {
  if (check.verdict === 'notApplicable' || check.verdict === 'inconclusive') return [];
  const rule = { ruleId: check.check, ruleIndex };
  // Others only explain: `looked for …`, `and 3 more`.
  const told = orderedFindings(check).filter(
    ({ file, severity, fingerprint }) => file !== undefined || severity !== undefined || fingerprint !== undefined,
  );
  if (told.length > 0) return told.map((finding) => ({ ...rule, ...resultOf(finding, check, verdict, places) }));
  if (check.verdict === 'pass') return [];
  const rest = check.findings.map(({ title }) => title);
  return [
    {
      ...rule,
      level: check.verdict === 'fail' ? 'error' : 'note',
      message: { text: message([check.reason, ...rest].join('; ')) },
      ...locations(null, undefined, check, verdict),
    },
  ];
}

function resultOf(
  finding: Finding,
  check: CheckResult,
  verdict: ProjectVerdict,
  places: Places,
): Pick<Sarif.Result, 'level' | 'message'> & Partial<Sarif.Result> {
  const { title, detail, fix, file, line, fingerprint } = finding;
  const path = file === undefined ? null : inWorkspace(file, places);
  // A place that no reader could open is told in the text.
  const elsewhere = file !== undefined && path === null ? ` (${file}${line === undefined ? '' : `:${line}`})` : '';
  const text = [
    `${title}${elsewhere}`,
    ...(detail === undefined ? [] : [detail]),
    ...(fix === undefined ? [] : [`fix: ${fix}`]),
  ].join('\n');
  const justification = waiverText(finding);
  return {
    level: levelOf(finding, check),
    message: { text: message(text) },
    ...locations(path, line, check, verdict),
    ...(fingerprint === undefined ? {} : { partialFingerprints: { [FINGERPRINT]: identityOf(fingerprint) } }),
    ...(justification === null
      ? {}
      : { suppressions: [{ kind: 'external' as const, status: 'accepted' as const, justification }] }),
  };
}

/** By severity where there is one; else by what the check came to. */
function levelOf({ severity }: Finding, { verdict }: CheckResult): Sarif.Result.level {
  switch (severity) {
    case 'critical':
    case 'high':
    case 'unknown':
      return 'error';
    case 'medium':
      return 'warning';
    case 'low':
    case 'info':
      return 'note';
    case undefined:
      return verdict === 'pass' ? 'note' : 'error';
  }
}

/** The finding's own file, else the report it is from: code scanning refuses results without a place. */
function locations(
  path: string | null,
  line: number | undefined,
  { check }: CheckResult,
  verdict: ProjectVerdict,
): Pick<Sarif.Result, 'locations'> {
  const uri = path ?? reportsOf(verdict, check)[0]?.path;
  const logicalLocations = [{ name: verdict.project, kind: 'module' }];
  if (uri === undefined) return { locations: [{ logicalLocations }] };
  const region = path !== null && line !== undefined && line > 0 ? { region: { startLine: line } } : {};
  const artifactLocation = { uri: uriOf(uri), uriBaseId: '%SRCROOT%' };
  return { locations: [{ physicalLocation: { artifactLocation, ...region }, logicalLocations }] };
}

/** A relative reference (RFC 3986): its first segment must not look like a scheme. */
function uriOf(path: string): string {
  return path
    .replace(/\p{Cs}/gu, '\ufffd')
    .split('/')
    .map((segment) => encodeURIComponent(segment).replace(/[!'()*]/g, (character) => `%${hex(character)}`))
    .join('/');
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase();
}

/** Plain text in which nothing is a placeholder or a link (3.11.5, 3.11.6), with characters that steer made visible. */
function message(text: string): string {
  return text
    .split('\n')
    .map((line) => oneLine(line))
    .join('\n')
    .replace(/\\(?=[[\]\\])/g, '\\\\')
    .replace(/\[(?=[^\]]*\]\()/g, '\\[')
    .replace(/\{(?=\d+\})/g, '{{');
}

/** JSON that any reader takes: no halves of characters. */
function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\p{Cs}/gu, '\ufffd') : value;
}
