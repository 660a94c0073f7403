import type { CheckResult, Finding } from './check';

/** A report that somebody relies on, and when it was made. */
export interface DatedReport {
  /** Nx name. */
  readonly project: string;
  /** Relative to the workspace. */
  readonly path: string;
  /** Security reports age even when nothing changes: advisories are published every day. */
  readonly ages: boolean;
  /** ISO 8601, UTC; null where the report does not say. */
  readonly measuredAt: string | null;
  /** ISO 8601, UTC; null where its producer set no limit. */
  readonly validUntil: string | null;
  /** What makes it anew. */
  readonly remedy: string;
}

/** Hours for which an audit counts when it does not say for how long itself. */
const AUDIT_HOURS = 24;
const HOUR = 3_600_000;
/** Clocks of two machines may differ a little. */
const AHEAD = 5 * 60_000;

/** Until when a report may be relied on (milliseconds since 1970): null where it does not age, `unknown` where nobody can tell. */
export function validUntil({
  ages,
  measuredAt,
  validUntil: until,
}: Omit<DatedReport, 'remedy'>): number | null | 'unknown' {
  const limit = until === null ? null : Date.parse(until);
  if (limit !== null) return Number.isNaN(limit) ? 'unknown' : limit;
  if (!ages) return null;
  const measured = measuredAt === null ? Number.NaN : Date.parse(measuredAt);
  return Number.isNaN(measured) ? 'unknown' : measured + AUDIT_HOURS * HOUR;
}

/**
 * Whether each report may still be relied on. `measured` is the age of the oldest one that ages, in hours. An expired report fails; one of
 * unknown age, or from the future, is inconclusive.
 */
export function judgeFreshness(reports: readonly DatedReport[], now: Date): CheckResult & { readonly remedy?: string } {
  const at = now.getTime();
  const expired: Finding[] = [];
  const unsure: Finding[] = [];
  const remedies = new Set<string>();
  let oldest: number | null = null;
  for (const report of reports) {
    const until = validUntil(report);
    const measured = report.measuredAt === null ? Number.NaN : Date.parse(report.measuredAt);
    if (!Number.isNaN(measured) && report.ages) oldest = Math.max(oldest ?? 0, (at - measured) / HOUR);
    if (until === null) continue;
    const where = { file: report.path, fix: report.remedy };
    if (until === 'unknown') {
      const title = `${report.path} does not say when it was measured`;
      unsure.push({ title, detail: 'let release-audit make it, or have its tool add the slipway origin', ...where });
    } else if (measured > at + AHEAD)
      unsure.push({ title: `${report.path} says that it is of ${report.measuredAt}, which is yet to come`, ...where });
    else if (until < at)
      expired.push({ title: `${report.path} could be relied on until ${new Date(until).toISOString()}`, ...where });
    else continue;
    remedies.add(report.remedy);
  }
  const findings = [...expired, ...unsure];
  const base = { check: 'freshness', measured: oldest, limit: AUDIT_HOURS, unit: 'hours', findings } as const;
  const dated = reports.filter((report) => validUntil(report) !== null).length;
  if (findings.length === 0) {
    const reason =
      dated === 0
        ? 'no report that was relied on ages'
        : `${dated === 1 ? 'the one report that ages' : `all ${dated} reports that age`} may be relied on`;
    return { ...base, verdict: dated === 0 ? 'notApplicable' : 'pass', reason };
  }
  return {
    ...base,
    verdict: expired.length > 0 ? 'fail' : 'inconclusive',
    reason: findings.map(({ title }) => title).join('; '),
    remedy: [...remedies].join(' && '),
  };
}
