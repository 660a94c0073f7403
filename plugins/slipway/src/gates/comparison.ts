import type { GatesConfig } from '../config/schema';
import { allows, worstVerdict } from './verdict';
import type { CheckResult, NotApplicable } from './check';
import { fewerTests } from './fewer-tests';
import { measuredCounts, type MeasuredCounts, type MeasuredReports } from './measured-counts';
import { judgeNewLines } from './new-lines';
import { judgeRatchet } from './ratchet';

const CHECK = 'comparison';

/** A project beside what it was at the last release. */
export interface ComparedProject {
  /** Nx name. */
  readonly name: string;
  /** Relative to the workspace. */
  readonly root: string;
  readonly policy: GatesConfig['coverage'] | NotApplicable;
  readonly reports: MeasuredReports;
  /** What was measured for the last release; null where the ledger does not say. */
  readonly last: MeasuredCounts | null;
  /** Lines added or changed since, by path relative to the workspace. */
  readonly changed: ReadonlyMap<string, readonly number[]>;
}

/**
 * Whether tests and coverage held beside the last release: coverage may not fall, changed lines are covered, and no tests went missing (which
 * is told and fails nothing).
 * @param version of the last release
 */
export function judgeComparison(version: string, projects: readonly ComparedProject[]): CheckResult {
  const warnings: string[] = [];
  const told: { readonly name: string; readonly result: CheckResult }[] = [];
  for (const project of projects) {
    const { name, root, policy, reports, last, changed } = project;
    const now = measuredCounts(reports);
    if (last === null)
      warnings.push(`${name}: the ledger holds no counts of ${version}, so its coverage is not compared`);
    const fewer = now.tests === null ? null : fewerTests(last?.tests ?? null, now.tests);
    if (fewer !== null) warnings.push(`${name}: ${fewer}`);
    if (last?.tests != null && now.tests === null)
      warnings.push(`${name}: ${version} had tests, and there are none now`);
    if ('notApplicable' in policy || reports.coverage.length === 0) continue;
    const subject = { check: CHECK, project: name, root };
    if (now.lines !== null) told.push({ name, result: judgeRatchet(last?.lines ?? null, now.lines, policy, subject) });
    told.push({ name, result: judgeNewLines(changed, reports.coverage, policy, subject) });
  }
  warnings.push(...told.flatMap(({ name, result }) => (result.warnings ?? []).map((text) => `${name}: ${text}`)));
  const counted = told.filter(({ result }) => result.verdict !== 'notApplicable');
  const failed = counted.filter(({ result }) => !allows(result.verdict));
  const base = { check: CHECK, unit: 'count', limit: 0, ...(warnings.length === 0 ? {} : { warnings }) } as const;
  if (counted.length === 0) {
    const reason = `no coverage was measured that could be compared with ${version}`;
    return { ...base, verdict: 'notApplicable', reason, measured: null, findings: [] };
  }
  const unsettled = failed.find(({ result }) => result.verdict === 'inconclusive');
  return {
    ...base,
    verdict: worstVerdict(counted.map(({ result }) => result.verdict)),
    reason: (failed.length > 0 ? failed : counted).map(({ name, result }) => `${name}: ${result.reason}`).join('; '),
    measured: failed.length,
    findings: counted.flatMap(({ result }) => result.findings),
    ...(unsettled === undefined ? {} : { unsettled: `${unsettled.name}: ${unsettled.result.reason}` }),
  };
}
