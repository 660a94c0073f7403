import type { GatesConfig } from '../config/schema';
import { SEVERITIES, type InventoryReport, type SecurityReport, type Severity } from '../reports/report';
import { severityRank } from '../reports/severity';
import {
  inconclusive,
  unjudgeable,
  unreadableFindings,
  type CheckResult,
  type Evidence,
  type Finding,
  type ProjectCheck,
} from './check';
import { mergeFindings, type Vulnerability } from './vulnerabilities';

const CHECK = 'security';
const UNIT = 'count';
/** What is beyond is counted, and can't be waived. */
const MAX_BLOCKING = 500;
const MAX_OTHER = 50;

export const securityCheck: ProjectCheck<GatesConfig['security']> = {
  id: CHECK,
  title: 'Security',
  kinds: ['security', 'inventory'],
  producers: ['release-audit'],
  exempt: ({ name, kind }) =>
    kind === 'npm' || kind === 'python'
      ? null
      : `no scanner reports on it; name one's reports under projects.${name}.reports.security in slipway.json`,
  judge: (evidence, policy) => judgeSecurity(evidence as Evidence<SecurityReport | InventoryReport>, policy),
};

/** No finding of the policy's severity or above. One whose severity nobody knows counts as high. */
function judgeSecurity(
  evidence: Evidence<SecurityReport | InventoryReport>,
  { failOn }: GatesConfig['security'],
): CheckResult {
  const reports = evidence.reports.filter((report) => report.kind === 'security');
  const all = mergeFindings(reports.flatMap(({ findings }) => findings));
  const blocking = all.filter(({ severity }) => severityRank(severity) <= severityRank(failOn));
  const others = all.slice(blocking.length);
  const open = openQuestion(evidence);
  const warnings = warningsOf(evidence.reports);
  const rest = [
    ...others.slice(0, MAX_OTHER).map((one) => findingOf(one)),
    ...(others.length > MAX_OTHER ? [{ title: `and ${others.length - MAX_OTHER} more below ${failOn}` }] : []),
    ...unauditedFindings(reports),
    ...unreadableFindings(evidence.unreadable),
  ];
  // What was found is there, whatever else could not be looked at.
  if (blocking.length === 0 && open !== null) {
    return {
      ...open,
      findings: [...others.slice(0, MAX_OTHER).map((one) => findingOf(one)), ...open.findings],
      warnings,
    };
  }
  const where = scannedOf(reports);
  if (blocking.length === 0) {
    const below = others.length === 0 ? 'nothing found' : `${counted(others)} found, nothing at or above ${failOn}`;
    return result('pass', `${below}${where}`, 0, rest, warnings);
  }
  const shared = countKeys(blocking);
  const shown = blocking.slice(0, MAX_BLOCKING).map((one) => findingOf(one, shared.get(one.key)));
  const more = blocking.length - shown.length;
  return {
    ...result(
      'fail',
      `${counted(blocking)}${where}; none may be ${failOn === 'critical' ? 'critical' : `${failOn} or above`}`,
      blocking.length,
      [...shown, ...(more > 0 ? [{ title: `and ${more} more at or above ${failOn}` }] : []), ...rest],
      warnings,
    ),
    ...(more > 0 ? { blocking: blocking.length } : {}),
    ...(open === null ? {} : { unsettled: open.reason }),
  };
}

function result(
  verdict: 'pass' | 'fail',
  reason: string,
  measured: number,
  findings: readonly Finding[],
  warnings: readonly string[],
): CheckResult {
  return { check: CHECK, verdict, reason, measured, limit: 0, unit: UNIT, findings, warnings };
}

/** Why nothing can be said although nothing that blocks was found; null where something can. */
function openQuestion(evidence: Evidence<SecurityReport | InventoryReport>): CheckResult | null {
  const nothing = unjudgeable(CHECK, 0, evidence, UNIT);
  if (nothing) return nothing;
  const reports = evidence.reports.filter((report) => report.kind === 'security');
  if (reports.length === 0) {
    return inconclusive(
      CHECK,
      0,
      'an inventory of components names no vulnerabilities; scan it, and keep the report of that',
      UNIT,
    );
  }
  const unaudited = reports.flatMap((report) => report.unaudited);
  if (unaudited.length > 0) {
    const names = [...new Set(unaudited.map(({ name }) => name))];
    const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
    return {
      ...inconclusive(CHECK, 0, `could not be looked at: ${names.slice(0, 5).join(', ')}${more}`, UNIT),
      findings: unauditedFindings(reports),
    };
  }
  return reports.some(({ scanned }) => scanned === 0)
    ? inconclusive(CHECK, 0, 'a report says that nothing was looked at', UNIT)
    : null;
}

function unauditedFindings(reports: readonly SecurityReport[]): Finding[] {
  const all = reports.flatMap(({ unaudited }) => unaudited);
  const shown = all
    .slice(0, MAX_OTHER)
    .map(({ name, reason }) => ({ title: `${name} was not audited`, detail: reason }));
  return all.length > shown.length ? [...shown, { title: `and ${all.length - shown.length} more` }] : shown;
}

/** `2 critical and 1 high`, worst first. */
function counted(all: readonly Vulnerability[]): string {
  const parts = SEVERITIES.flatMap((severity) => {
    const count = all.filter((one) => one.severity === severity).length;
    return count === 0 ? [] : [`${count} ${describe(severity)}`];
  });
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}

function describe(severity: Severity): string {
  return severity === 'unknown' ? 'of unknown severity (counts as high)' : severity;
}

/** `in 312 packages`, as far as all reports say. */
function scannedOf(reports: readonly SecurityReport[]): string {
  const counts = reports.flatMap(({ scanned }) => scanned ?? []);
  if (counts.length === 0) return '';
  const sum = counts.reduce((a, b) => a + b, 0);
  const silent = reports.length - counts.length;
  const beyond =
    silent === 0 ? '' : `, besides ${silent} ${silent === 1 ? 'report that does' : 'reports that do'} not count them`;
  return ` in ${sum} ${sum === 1 ? 'package' : 'packages'}${beyond}`;
}

function warningsOf(reports: readonly (SecurityReport | InventoryReport)[]): string[] {
  const suppressed = reports.reduce((sum, report) => sum + (report.kind === 'security' ? report.suppressed : 0), 0);
  const inventories = reports.filter(({ kind }) => kind === 'inventory').length;
  return [
    ...(suppressed > 0
      ? [`${suppressed} ${suppressed === 1 ? 'finding was' : 'findings were'} suppressed in the reports themselves`]
      : []),
    ...(inventories > 0
      ? [
          `${inventories} ${inventories === 1 ? 'report is an inventory, which names' : 'reports are inventories, which name'} no vulnerabilities`,
        ]
      : []),
  ];
}

function countKeys(all: readonly Vulnerability[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { key } of all) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/**
 * @param alike set where it blocks: how many findings share its key. Lines move, so one rule's findings in one file can't be told
 * apart; their number is part of what a person relied on who waived them.
 */
function findingOf(one: Vulnerability, alike?: number): Finding {
  const { component, file, line, severity, key } = one;
  const fix = fixOf(one);
  const title = component === null ? one.title : `${nameOf(one)}: ${one.title}`;
  const names = [one.id, ...one.aliases].slice(0, 5).join(', ');
  return {
    title,
    severity,
    ...(file === null ? {} : { file }),
    ...(line === null ? {} : { line }),
    detail: one.url === null ? names : `${names} · ${one.url}`,
    ...(fix === null ? {} : { fix }),
    ...(alike === undefined ? {} : { fingerprint: `${CHECK}:${key}@${alike > 1 ? `${severity},${alike}` : severity}` }),
  };
}

function nameOf({ component, versions }: Vulnerability): string {
  const shown = versions.length > 3 ? [...versions.slice(0, 3), '…'] : versions;
  return [component?.name ?? '', shown.join(', ')].filter((part) => part !== '').join(' ');
}

function fixOf({ component, fix, fixedIn }: Vulnerability): string | null {
  if (fix !== undefined) return fix;
  if (component === null || fixedIn === null) return null;
  if (component.ecosystem === 'npm') return `npm install ${component.name}@${fixedIn}`;
  return component.ecosystem === 'pypi'
    ? `pip: ${component.name}>=${fixedIn}`
    : `update ${component.name} to ${fixedIn}`;
}
