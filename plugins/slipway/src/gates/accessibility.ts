import { posix } from 'node:path';
import type { GatesConfig } from '../config/schema';
import type { AccessibilityPage, AccessibilityReport, LighthouseReport, SignOffReport } from '../reports/report';
import { bestPractices, lighthouseViolations, occurrences } from './accessibility-findings';
import { inconclusive, unjudgeable, unreadableFindings } from './check';
import type { CheckResult, Evidence, Finding, JudgedProject, ProjectCheck } from './check';
import { count } from './count';
import { pathOf } from './page-path';
import { mergeSignOffs, outdated, type SignOffs } from './sign-offs';
import { isRequired, WCAG_21_AA, type Criterion } from './wcag21';

const CHECK = 'accessibility';
const PRODUCER = 'release-a11y';
const UNIT = 'count';
/** Criteria that a reason names; the findings name all. */
const MAX_NUMBERS = 8;

type Policy = GatesConfig['accessibility'];
type Judged = AccessibilityReport | LighthouseReport | SignOffReport;

export const accessibilityCheck: ProjectCheck<Policy> = {
  id: CHECK,
  title: 'Accessibility',
  kinds: ['accessibility', 'lighthouse', 'signoff'],
  producers: [PRODUCER],
  exempt: ({ name, targets }) =>
    targets.includes(PRODUCER) ? null : `no pages are configured (projects.${name}.a11y)`,
  judge: (evidence, policy, project) => judgeAccessibility(evidence as Evidence<Judged>, policy, project),
};

/** What a sign-off is held against. */
interface Scope {
  readonly policy: Policy;
  readonly asOf: Date;
  /** Relative to the workspace. */
  readonly file: string;
}

/** What is open until somebody has looked: the reason in a clause, and how to close it. */
interface Open {
  readonly reason: string;
  readonly findings: readonly Finding[];
}

/**
 * WCAG 2.1, levels A and AA: no violation, each result that axe could not decide looked at by a person, and each of the 50
 * criteria either tested by a rule that found something to look at, or signed off by a person.
 */
function judgeAccessibility(evidence: Evidence<Judged>, policy: Policy, project: JudgedProject): CheckResult {
  const pages = evidence.reports.flatMap((report) => (report.kind === 'accessibility' ? report.pages : []));
  const lighthouse = evidence.reports.flatMap((report) => (report.kind === 'lighthouse' ? [report] : []));
  const signOffs = mergeSignOffs(evidence.reports.flatMap((report) => (report.kind === 'signoff' ? [report] : [])));
  const scope = { policy, asOf: project.asOf, file: posix.join(project.root, policy.signOffs) };

  const violated = occurrences(pages, 'violations');
  const undecided = triage(pages, signOffs, scope);
  const coverage = coverCriteria(pages, signOffs, scope);
  const violations: Finding[] = [
    ...violated.map(({ finding, fingerprint }) => ({ ...finding, fingerprint })),
    ...lighthouseViolations(lighthouse, violated),
    ...undecided.refused,
    ...coverage.refused,
  ];
  const nothing = unjudgeable(CHECK, 0, evidence, UNIT);
  const open = nothing
    ? [{ reason: nothing.reason, findings: nothing.findings }]
    : [...emptyPages(pages, project), ...undecided.open, ...(pages.length === 0 ? [] : coverage.open)];
  const unsettled = open.map(({ reason }) => reason).join('; ');
  const warnings = [...bestPractices(pages), ...uselessSignOffs(signOffs, undecided.known)];
  const openFindings = open.flatMap(({ findings }) => findings);

  if (violations.length > 0) {
    return {
      check: CHECK,
      verdict: 'fail',
      reason: `${count(violations.length, 'violation')} of WCAG 2.1 A or AA${where(violations)}`,
      measured: violations.length,
      limit: 0,
      unit: UNIT,
      findings: [...violations, ...(nothing ? unreadableFindings(evidence.unreadable) : openFindings)],
      warnings,
      ...(unsettled === '' ? {} : { unsettled }),
    };
  }
  if (open.length > 0) return { ...inconclusive(CHECK, 0, unsettled, UNIT), findings: openFindings, warnings };
  return {
    check: CHECK,
    verdict: 'pass',
    reason: `no violation of WCAG 2.1 A or AA on ${count(pages.length, 'page')}; of ${WCAG_21_AA.length} criteria ${coverage.automated.length} are automated and ${coverage.signedOff.length} signed off`,
    measured: 0,
    limit: 0,
    unit: UNIT,
    findings: listing(coverage, signOffs, scope),
    warnings,
  };
}

/** Pages that say nothing: none at all, or such that no rule found anything good on, as on an error page. */
function emptyPages(pages: readonly AccessibilityPage[], { name, targets }: JudgedProject): Open[] {
  const make = targets.includes(PRODUCER)
    ? `look at some with: npx nx run ${name}:${PRODUCER}`
    : "axe's results of each page are needed too";
  if (pages.length === 0) {
    return [
      {
        reason: `no page was looked at with axe, and Lighthouse alone tests too little of WCAG; ${make}`,
        findings: [],
      },
    ];
  }
  const empty = pages.filter(({ passed, url }) => passed.length === 0 || /^(about|chrome-error|data):/.test(url));
  if (empty.length === 0) return [];
  const paths = empty.map(({ url }) => pathOf(url)).join(', ');
  return [{ reason: `no rule passed on ${paths}: an empty page, or the browser's error page`, findings: [] }];
}

interface Triage {
  /** Looked at and found at fault. */
  readonly refused: readonly Finding[];
  readonly open: readonly Open[];
  /** Fingerprints of all that axe could not decide. */
  readonly known: ReadonlySet<string>;
}

function triage(pages: readonly AccessibilityPage[], { triaged }: SignOffs, { policy, asOf, file }: Scope): Triage {
  const all = occurrences(pages, 'incomplete');
  const refused: Finding[] = [];
  const missing: Finding[] = [];
  for (const { fingerprint, finding } of all) {
    const signOff = triaged.get(fingerprint);
    if (signOff?.result === 'notMet') {
      refused.push({ ...finding, fingerprint, detail: `${signOff.by} on ${signOff.on}: ${signOff.note}` });
      continue;
    }
    const why = signOff === undefined ? null : outdated(signOff, policy.maxAge, asOf);
    if (signOff !== undefined && why === null) continue;
    missing.push({
      ...finding,
      title: `axe could not decide: ${finding.title}${why === null ? '' : ` (${why})`}`,
      file,
      fix: `look at it, then add to "triaged" in ${file}: ${JSON.stringify(fingerprint)}: ${template(asOf)}`,
    });
  }
  const reason = `${count(missing.length, 'result')} that axe could not decide must be looked at, and noted in ${file}`;
  return {
    refused,
    open: missing.length === 0 ? [] : [{ reason, findings: missing }],
    known: new Set(all.map(({ fingerprint }) => fingerprint)),
  };
}

interface CriteriaCoverage {
  readonly automated: readonly Criterion[];
  readonly signedOff: readonly Criterion[];
  /** Signed off as not met. */
  readonly refused: readonly Finding[];
  readonly open: readonly Open[];
}

function coverCriteria(pages: readonly AccessibilityPage[], signOffs: SignOffs, scope: Scope): CriteriaCoverage {
  const { policy, asOf, file } = scope;
  const tested = testedCriteria(pages);
  const automated: Criterion[] = [];
  const signedOff: Criterion[] = [];
  const refused: Finding[] = [];
  const missing: { criterion: Criterion; why: string | null }[] = [];
  for (const criterion of WCAG_21_AA) {
    const { number, name } = criterion;
    const signOff = signOffs.criteria.get(number);
    if (signOff?.result === 'notMet') {
      // However long ago: it is not met until somebody says that it is.
      refused.push({
        title: `${number} ${name} is not met, says ${signOff.by}`,
        file,
        detail: signOff.note,
        severity: 'high',
        fingerprint: `${CHECK}:${number}@notMet`,
      });
      continue;
    }
    const why = signOff === undefined ? null : outdated(signOff, policy.maxAge, asOf);
    if (signOff !== undefined && why === null) signedOff.push(criterion);
    else if (tested.has(number)) automated.push(criterion);
    else missing.push({ criterion, why });
  }
  return { automated, signedOff, refused, open: missing.length === 0 ? [] : [unsigned(missing, scope)] };
}

/** Criteria of rules that found something to look at. A rule that had nothing to look at says nothing of its criterion. */
function testedCriteria(pages: readonly AccessibilityPage[]): ReadonlySet<string> {
  const ran = pages.flatMap(({ passed, violations, incomplete }) => [...passed, ...violations, ...incomplete]);
  return new Set(ran.filter(isRequired).flatMap(({ criteria }) => criteria));
}

function unsigned(
  missing: readonly { readonly criterion: Criterion; readonly why: string | null }[],
  { asOf, file }: Scope,
): Open {
  const numbers = missing.map(({ criterion }) => criterion.number);
  const more = numbers.length > MAX_NUMBERS ? ` and ${numbers.length - MAX_NUMBERS} more` : '';
  const named = numbers.slice(0, MAX_NUMBERS).join(', ');
  return {
    reason: `${missing.length} of ${WCAG_21_AA.length} criteria are neither automated nor signed off in ${file}: ${named}${more}`,
    findings: missing.map(({ criterion: { number, name, level }, why }) => ({
      title: `${number} ${name} (${level}): ${why ?? 'no rule tested it, and nobody signed it off'}`,
      file,
      fix: `examine it, then add to "criteria" in ${file}: ${JSON.stringify(number)}: ${template(asOf)}`,
    })),
  };
}

/** What is to be filled in is refused by the reader as long as it stands there. */
function template(asOf: Date): string {
  const on = asOf.toISOString().slice(0, 10);
  return `{ "result": "met", "by": "<role or team>", "on": "${on}", "note": "<how it was examined>" }`;
}

function uselessSignOffs({ criteria, triaged }: SignOffs, known: ReadonlySet<string>): string[] {
  const numbers = new Set(WCAG_21_AA.map(({ number }) => number));
  return [
    ...[...criteria.keys()]
      .filter((number) => !numbers.has(number))
      .map((number) => `${number} is signed off, and no A or AA criterion of WCAG 2.1`),
    ...[...triaged.keys()]
      .filter((fingerprint) => !known.has(fingerprint))
      .map((fingerprint) => `the triage of ${fingerprint} is not needed any more`),
  ];
}

/** All criteria, and why each is held to be met. */
function listing({ automated, signedOff }: CriteriaCoverage, signOffs: SignOffs, { file }: Scope): Finding[] {
  const signed = signedOff.map(({ number, name }) => {
    const { by, on, result } = signOffs.criteria.get(number) ?? { by: '', on: '', result: 'met' };
    return `${number} ${name}: ${result === 'met' ? 'met' : 'does not apply'}, ${by} on ${on}`;
  });
  return [
    {
      title: `${automated.length} criteria are automated`,
      detail: automated.map(({ number, name }) => `${number} ${name}`).join('; '),
    },
    { title: `${signedOff.length} criteria are signed off`, file, detail: signed.join('; ') },
  ];
}

function where(violations: readonly Finding[]): string {
  const [first] = violations;
  return first ? `: ${first.title}${violations.length > 1 ? ', …' : ''}` : '';
}
