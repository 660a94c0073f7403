import type { GatesConfig } from '../config/schema';
import type { LighthouseReport, LoadScenario, PerformanceReport } from '../reports/report';
import { inconclusive, unjudgeable, unreadableFindings } from './check';
import type { CheckResult, Evidence, Finding, JudgedProject, ProjectCheck } from './check';
import { responseTime, withoutSuccess, type ResponseTime } from './response-time';
import { formatPercent, formatShare, reaches } from './share';
import { pathOf } from './page-path';

const CHECK = 'performance';
const PRODUCER = 'release-load';
const UNIT = 'milliseconds';
/** A waiver holds while a measurement stays in the same step: two runs never measure the same millisecond. */
const STEP_MS = 50;
const STEP_SCORE = 5;

type Policy = GatesConfig['performance'];

export const performanceCheck: ProjectCheck<Policy> = {
  id: CHECK,
  title: 'Performance',
  kinds: ['performance', 'lighthouse'],
  producers: [PRODUCER],
  exempt: ({ name, targets }) =>
    targets.includes(PRODUCER) ? null : `no load test is configured (projects.${name}.load)`,
  judge: (evidence, policy, project) =>
    judgePerformance(evidence as Evidence<PerformanceReport | LighthouseReport>, policy, project),
};

/** What was found wrong, and what could not be told. */
interface Outcome {
  readonly findings: readonly Finding[];
  readonly open: readonly string[];
}

/**
 * Response times and errors of each scenario by itself: a slow page is slow however many others are fast. A failure stands also
 * where another report is broken.
 */
function judgePerformance(
  evidence: Evidence<PerformanceReport | LighthouseReport>,
  policy: Policy,
  project: JudgedProject,
): CheckResult {
  const nothing = unjudgeable(CHECK, policy.p95, evidence, UNIT);
  const scenarios = evidence.reports.flatMap((report) => (report.kind === 'performance' ? report.scenarios : []));
  const pages = evidence.reports.flatMap((report) =>
    report.kind === 'lighthouse' && 'performance' in report.scores ? [report] : [],
  );
  const outcomes = [
    ...scenarios.map((scenario) => judgeScenario(scenario, policy)),
    ...pages.map((page) => judgePage(page, policy)),
  ];
  const findings = outcomes.flatMap((outcome) => outcome.findings);
  const open = outcomes.flatMap((outcome) => outcome.open);
  if (nothing) open.unshift(nothing.reason);
  else if (scenarios.length === 0 && project.targets.includes(PRODUCER)) {
    open.push(`no load was measured; make a report with: npx nx run ${project.name}:${PRODUCER}`);
  } else if (outcomes.length === 0) open.push('the Lighthouse report holds no performance category');

  const unsettled = open.length === 0 ? null : open.join('; ');
  if (findings.length > 0) {
    return {
      check: CHECK,
      verdict: 'fail',
      reason: findings.map(({ title }) => title).join('; '),
      measured: worst(scenarios, policy),
      limit: policy.p95,
      unit: UNIT,
      findings: [...findings, ...unreadableFindings(evidence.unreadable)],
      ...(unsettled === null ? {} : { unsettled }),
      warnings: warningsOf(pages),
    };
  }
  if (nothing) return nothing;
  if (unsettled !== null) return { ...inconclusive(CHECK, policy.p95, unsettled, UNIT), warnings: warningsOf(pages) };
  return {
    check: CHECK,
    verdict: 'pass',
    reason: praise(scenarios, pages, policy),
    measured: worst(scenarios, policy),
    limit: policy.p95,
    unit: UNIT,
    findings: [],
    warnings: warningsOf(pages),
  };
}

function judgeScenario(scenario: LoadScenario, policy: Policy): Outcome {
  const { name, requests } = scenario;
  const broken = scenario.brokenThresholds.map((threshold) => ({
    title: `${name}: the load test's own threshold is broken: ${threshold}`,
    fingerprint: `${CHECK}:${name}:threshold ${threshold}`,
  }));
  if (requests < policy.minRequests) {
    const few = `${name}: ${requests} requests, of which ${withoutSuccess(scenario)} failed, are too few to judge by; ${policy.minRequests} are asked for`;
    return { findings: broken, open: [few] };
  }
  const errors = judgeErrors(scenario, policy);
  const time = responseTime(scenario);
  if (time.least >= policy.p95) return { findings: [slow(scenario, time, policy), ...errors, ...broken], open: [] };
  const bound = upper(time, policy);
  const open = bound !== null && bound < policy.p95 ? [] : [unclear(scenario, time, policy)];
  return { findings: [...errors, ...broken], open };
}

function judgeErrors(scenario: LoadScenario, { errorRate }: Policy): Finding[] {
  const { name, requests, failed, timeouts } = scenario;
  const bad = withoutSuccess(scenario);
  if (reaches(requests - bad, requests, 100 - errorRate)) return [];
  return [
    {
      title: `${name}: ${formatShare(bad, requests, errorRate)} of ${requests} requests without success, above ${formatPercent(errorRate)}`,
      detail: `${timeouts} timed out, ${failed} failed or were answered with an error`,
      severity: 'high',
      fingerprint: `${CHECK}:${name}:errors@${Math.ceil((100 * bad) / requests)}`,
    },
  ];
}

/** The time that is surely not exceeded; where that proves nothing, the one that is most likely not. */
function upper({ most, estimate }: ResponseTime, { p95 }: Policy): number | null {
  return most !== null && most >= p95 && estimate !== null ? estimate : most;
}

function slow(scenario: LoadScenario, { least, by }: ResponseTime, { p95 }: Policy): Finding {
  const { name, latencies } = scenario;
  const title = Number.isFinite(least)
    ? `${name}: 95 of 100 requests took up to ${shown(least)}${by === 'p95' ? '' : ' or more'}, not below ${shown(p95)}`
    : `${name}: ${by}, so 95 of 100 were not answered below ${shown(p95)}`;
  const told = Object.entries(latencies).map(([key, value]) => `${key} ${shown(value)}`);
  return {
    title,
    ...(told.length === 0 ? {} : { detail: `of those that were answered: ${told.join(', ')}` }),
    severity: 'medium',
    fingerprint: `${CHECK}:${name}:p95@${Number.isFinite(least) ? Math.ceil((least + 1) / STEP_MS) * STEP_MS : 'none'}`,
  };
}

function unclear(scenario: LoadScenario, { least, most, by }: ResponseTime, { p95 }: Policy): string {
  const { name, requests } = scenario;
  const bad = withoutSuccess(scenario);
  const why =
    scenario.p95 === null
      ? 'the report has no p95'
      : `its p95 of ${shown(scenario.p95)} does not count the ${bad} of ${requests} requests without success as slow`;
  const between =
    most === null
      ? 'nothing else in it says that it is kept'
      : `it lies between ${shown(least)} and ${shown(most)} (${by})`;
  return `${name}: ${why}, and ${between}; let ${PRODUCER} measure it against ${shown(p95)}, or report more percentiles above the 95th`;
}

function judgePage(page: LighthouseReport, { lighthouse }: Policy): Outcome {
  const where = pathOf(page.url);
  const score = page.scores['performance'] ?? null;
  if (score === null) return { findings: [], open: [`Lighthouse could not score the performance of ${where}`] };
  if (score >= lighthouse) return { findings: [], open: [] };
  const audits = page.failed.filter(({ category }) => category === 'performance').map(({ title }) => title);
  return {
    findings: [
      {
        title: `${where}: Lighthouse scores its performance ${score}, below ${lighthouse}`,
        ...(audits.length === 0 ? {} : { detail: audits.join('; ') }),
        severity: 'medium',
        fingerprint: `${CHECK}:${where}:lighthouse@${Math.floor(score / STEP_SCORE) * STEP_SCORE}`,
      },
    ],
    open: [],
  };
}

/** The longest time that is known, or null where there is none. */
function worst(scenarios: readonly LoadScenario[], policy: Policy): number | null {
  const times = scenarios.map((scenario) => {
    const time = responseTime(scenario);
    return upper(time, policy) ?? time.least;
  });
  const longest = Math.max(...times);
  return times.length > 0 && Number.isFinite(longest) ? longest : null;
}

function praise(scenarios: readonly LoadScenario[], pages: readonly LighthouseReport[], policy: Policy): string {
  const said: string[] = [];
  const [first, ...rest] = scenarios;
  if (first) {
    const bound = (scenario: LoadScenario): number => upper(responseTime(scenario), policy) ?? 0;
    const slowest = rest.reduce((a, b) => (bound(b) > bound(a) ? b : a), first);
    const found = responseTime(slowest);
    const { most, by } = found;
    const time95 = bound(slowest);
    const requests = scenarios.reduce((sum, scenario) => sum + scenario.requests, 0);
    const bad = scenarios.reduce((sum, scenario) => sum + withoutSuccess(scenario), 0);
    const time =
      by === 'p95'
        ? shown(time95)
        : time95 === most
          ? `at most ${shown(time95)} (its ${by})`
          : `about ${shown(time95)} (between its p95 and ${by}, as few requests failed)`;
    said.push(
      `p95 ${time}${rest.length > 0 ? ` in the slowest of ${scenarios.length} scenarios, ${slowest.name}` : ''}, below ${shown(policy.p95)}`,
      `${bad === 0 ? 'none' : formatShare(bad, requests, policy.errorRate)} of ${requests} requests without success`,
    );
  }
  const scores = pages.flatMap(({ scores: { performance } }) => performance ?? []);
  if (scores.length > 0) said.push(`Lighthouse scores ${Math.min(...scores)}, at least ${policy.lighthouse} asked for`);
  return said.join('; ');
}

function warningsOf(pages: readonly LighthouseReport[]): string[] {
  return pages.flatMap(({ url, warnings }) => warnings.map((text) => `Lighthouse on ${pathOf(url)}: ${text}`));
}

function shown(milliseconds: number): string {
  return `${Math.round(milliseconds * 100) / 100} ms`;
}
