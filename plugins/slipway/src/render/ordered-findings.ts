import type { CheckResult, Finding } from '../gates/check';
import { SEVERITIES } from '../reports/report';

/** What has to be mended first, then the rest by severity, what is waived last; otherwise as the check gave them. */
export function orderedFindings({ findings }: Pick<CheckResult, 'findings'>): readonly Finding[] {
  return [...findings].sort((a, b) => rank(a) - rank(b) || severityRank(a) - severityRank(b));
}

function rank({ fingerprint, waived }: Finding): number {
  if (waived !== undefined) return 2;
  return fingerprint === undefined ? 1 : 0;
}

function severityRank({ severity }: Finding): number {
  return severity === undefined ? SEVERITIES.length : SEVERITIES.indexOf(severity);
}
