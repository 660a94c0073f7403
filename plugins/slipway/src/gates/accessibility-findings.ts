import type { AccessibilityPage, AccessibilityRule, LighthouseReport, Severity } from '../reports/report';
import type { Finding } from './check';
import { pathOf } from './page-path';
import { isRequired, isRequiredAudit } from './wcag21';

/** One element on one page that a rule found at fault, or could not decide. */
export interface Occurrence {
  /** `accessibility:<rule>:<page>:<element>@<impact>` */
  readonly fingerprint: string;
  readonly page: string;
  readonly rule: AccessibilityRule;
  readonly finding: Finding;
}

const SEVERITY: Readonly<Record<NonNullable<AccessibilityRule['impact']>, Severity>> = {
  critical: 'critical',
  serious: 'high',
  moderate: 'medium',
  minor: 'low',
};

/** Violations, or undecided results, of level A or AA; each element once, however often its page was looked at. */
export function occurrences(pages: readonly AccessibilityPage[], of: 'violations' | 'incomplete'): Occurrence[] {
  const found = new Map<string, Occurrence>();
  for (const { url, [of]: rules } of pages) {
    for (const rule of rules.filter(isRequired)) {
      for (const node of rule.nodes) {
        const page = pathOf(url);
        const fingerprint = `accessibility:${rule.id}:${page}:${node.target}@${rule.impact ?? 'unknown'}`;
        if (found.has(fingerprint)) continue;
        const criteria = rule.criteria.length > 0 ? ` (WCAG ${rule.criteria.join(', ')})` : '';
        const finding: Finding = {
          title: `${rule.title}${criteria}: ${node.target} on ${page}`,
          detail: [node.html, node.summary].filter((text) => text !== '').join('\n'),
          severity: rule.impact === null ? 'unknown' : SEVERITY[rule.impact],
          ...(rule.url === null ? {} : { fix: `see ${rule.url}` }),
        };
        found.set(fingerprint, { fingerprint, page, rule, finding });
      }
    }
  }
  return [...found.values()];
}

/** Failed audits of Lighthouse that axe's results of the same page don't tell already. */
export function lighthouseViolations(reports: readonly LighthouseReport[], known: readonly Occurrence[]): Finding[] {
  return reports.flatMap(({ url, failed }) =>
    failed
      .filter(({ category, id }) => category === 'accessibility' && isRequiredAudit(id))
      .filter(({ id }) => !known.some(({ page, rule }) => page === pathOf(url) && rule.id === id))
      .map(({ id, title }) => ({
        title: `${title}: Lighthouse on ${pathOf(url)}`,
        severity: 'high' as const,
        fingerprint: `accessibility:${id}:${pathOf(url)}:lighthouse@failed`,
      })),
  );
}

/** What is good to know although WCAG 2.1 AA does not ask for it. */
export function bestPractices(pages: readonly AccessibilityPage[]): string[] {
  const told = pages.flatMap(({ url, violations }) =>
    violations
      .filter((rule) => !isRequired(rule))
      .map(({ id, title, nodes }) => `best practice: ${title} (${id}), ${nodes.length} times on ${pathOf(url)}`),
  );
  return [...new Set(told)];
}
