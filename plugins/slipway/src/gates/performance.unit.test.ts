import fc from 'fast-check';
import { performance as policyShape } from '../config/gates/performance';
import { readReport } from '../reports';
import type { LighthouseReport, LoadScenario } from '../reports/report';
import { samples } from '../reports/testing/samples';
import type { CheckResult, JudgedProject } from './check';
import { performanceCheck } from './performance';
import { responseTime } from './response-time';

const SCENARIO: LoadScenario = {
  name: 'list',
  requests: 1_000,
  failed: 0,
  timeouts: 0,
  p95: 120,
  latencies: {},
  coversFailures: true,
  brokenThresholds: [],
};

const LIGHTHOUSE: LighthouseReport = {
  kind: 'lighthouse',
  url: 'http://localhost:3000/tickets?page=2',
  scores: { performance: 95 },
  failed: [],
  warnings: [],
};

const looked = { kind: 'performance', globs: ['reports/load/*.json'], root: 'packages/api', producers: [] };

function project(...targets: string[]): JudgedProject {
  return { name: 'api', root: 'packages/api', kind: 'npm', targets, documents: null, asOf: new Date('2026-11-22') };
}

function judge(
  reports: readonly (LighthouseReport | readonly Partial<LoadScenario>[])[],
  policy: object = {},
  judged: JudgedProject = project(),
): CheckResult {
  const read = reports.map((report) =>
    'kind' in report
      ? report
      : { kind: 'performance' as const, scenarios: report.map((changed) => ({ ...SCENARIO, ...changed })) },
  );
  return performanceCheck.judge({ reports: read, unreadable: [], looked }, policyShape.parse(policy), judged);
}

function fingerprints(result: CheckResult): (string | undefined)[] {
  return result.findings.map(({ fingerprint }) => fingerprint);
}

describe('response times', () => {
  it('pass strictly below the limit', () => {
    expect(judge([[{ p95: 199.99 }]])).toMatchObject({
      verdict: 'pass',
      measured: 199.99,
      limit: 200,
      unit: 'milliseconds',
      reason: 'p95 199.99 ms, below 200 ms; none of 1000 requests without success',
    });
    expect(judge([[{ p95: 200 }]]).verdict).toBe('fail');
    expect(judge([[{ p95: 250 }]], { p95: 300 }).verdict).toBe('pass');
  });

  it('are judged for each scenario: many fast ones do not make up for a slow one', () => {
    const result = judge([[{ name: 'list' }, { name: 'search', p95: 412, latencies: { p50: 30, p99: 800 } }]]);
    expect(result).toMatchObject({
      verdict: 'fail',
      measured: 412,
      reason: 'search: 95 of 100 requests took up to 412 ms, not below 200 ms',
    });
    expect(result.findings).toEqual([
      {
        title: 'search: 95 of 100 requests took up to 412 ms, not below 200 ms',
        detail: 'of those that were answered: p50 30 ms, p99 800 ms',
        severity: 'medium',
        fingerprint: 'performance:search:p95@450',
      },
    ]);
  });

  it('name the slowest of several that pass', () => {
    expect(judge([[{ name: 'list', p95: 20 }], [{ name: 'search', p95: 90 }]]).reason).toBe(
      'p95 90 ms in the slowest of 2 scenarios, search, below 200 ms; none of 2000 requests without success',
    );
  });
});

describe('requests without success', () => {
  it.each([
    ['time-outs', { timeouts: 11 }, 'fail'],
    ['errors', { failed: 11 }, 'fail'],
    ['both together', { failed: 6, timeouts: 5 }, 'fail'],
    ['as many as are allowed', { failed: 5, timeouts: 5 }, 'pass'],
  ])('are violations: %s', (_, counts, verdict) => {
    const result = judge([[counts]]);
    expect(result.verdict).toBe(verdict);
    if (verdict === 'fail') expect(fingerprints(result)).toEqual(['performance:list:errors@2']);
  });

  it('count as slower than any other, so that above 5 % there is no p95 below anything', () => {
    const result = judge([[{ timeouts: 51, p95: 3, coversFailures: false }]]);
    expect(result).toMatchObject({ verdict: 'fail', measured: null });
    expect(fingerprints(result)).toEqual(['performance:list:p95@none', 'performance:list:errors@6']);
  });

  it('leave open what a p95 without them is worth, unless a higher percentile proves it', () => {
    const dropped = { timeouts: 20, p95: 150, coversFailures: false };
    const policy = { errorRate: 5 };
    expect(judge([[dropped]], policy).verdict).toBe('inconclusive');
    expect(judge([[{ ...dropped, latencies: { 'p97.5': 180 } }]], policy)).toMatchObject({
      verdict: 'pass',
      measured: 180,
    });
    expect(judge([[{ ...dropped, latencies: { 'p97.5': 230 } }]], policy)).toMatchObject({
      verdict: 'inconclusive',
      reason:
        'list: its p95 of 150 ms does not count the 20 of 1000 requests without success as slow, and it lies between 150 ms and 230 ms (p97.5); let release-load measure it against 200 ms, or report more percentiles above the 95th',
    });
    expect(judge([[{ ...dropped, p95: 200 }]], policy).verdict).toBe('fail');
  });

  it.each([
    ['one', { failed: 1, latencies: { max: 650 } }, 'pass', 160],
    ['one of 100', { failed: 10, latencies: { max: 350 } }, 'pass', 190],
    ['one of 100, with a long tail', { failed: 10, latencies: { max: 650 } }, 'inconclusive', null],
    ['one, with nothing above the p95', { failed: 1 }, 'inconclusive', null],
  ])('hardly move a p95 where they are few: %s', (_, few, verdict, measured) => {
    expect(judge([[{ p95: 150, coversFailures: false, ...few }]])).toMatchObject({ verdict, measured });
  });

  it('are told where the p95 is estimated for them', () => {
    const [few] = [{ p95: 150, coversFailures: false, failed: 1, latencies: { max: 650 } }];
    expect(judge([[few]]).reason).toBe(
      'p95 about 160 ms (between its p95 and max, as few requests failed), below 200 ms; 0.1 % of 1000 requests without success',
    );
  });
});

describe('a report without a p95', () => {
  it.each([
    ['passes where a higher percentile is below the limit', { p90: 40, 'p97.5': 120 }, 'pass'],
    ['fails where a lower one is not', { p90: 210, 'p97.5': 260 }, 'fail'],
    ['is inconclusive in between', { p90: 40, 'p97.5': 260 }, 'inconclusive'],
    ['is inconclusive with nothing else', {}, 'inconclusive'],
  ])('%s', (_, latencies, verdict) => {
    expect(judge([[{ p95: null, latencies, coversFailures: false }]]).verdict).toBe(verdict);
  });

  it('says who can measure it', () => {
    expect(judge([[{ p95: null, coversFailures: false }]]).reason).toBe(
      'list: the report has no p95, and nothing else in it says that it is kept; let release-load measure it against 200 ms, or report more percentiles above the 95th',
    );
  });
});

/** Counts a percentile by nearest rank. */
function rank(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(1, Math.ceil((percent * sorted.length) / 100)) - 1] ?? Infinity;
}

it('never holds a p95 to be lower or higher than it is, however a tool counts failed requests', () => {
  const times = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 20, maxLength: 300 });
  const failures = fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 20 });
  fc.assert(
    fc.property(times, failures, fc.boolean(), (good, bad, dropsThem) => {
      const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
      const reported = sorted(dropsThem ? good : [...good, ...bad]);
      const truth = rank(sorted([...good, ...bad.map(() => Infinity)]), 95);
      const keys = [50, 90, 97.5, 99, 99.9];
      const { least, most } = responseTime({
        ...SCENARIO,
        requests: good.length + bad.length,
        failed: bad.length,
        p95: rank(reported, 95),
        latencies: {
          ...Object.fromEntries(keys.map((key) => [`p${key}`, rank(reported, key)])),
          max: reported.at(-1) ?? 0,
        },
        coversFailures: false,
      });
      expect(least).toBeLessThanOrEqual(truth);
      expect(most).not.toBeNull();
      expect(most).toBeGreaterThanOrEqual(truth);
    }),
  );
});

describe('what nothing can be concluded from', () => {
  it.each([
    ['too few requests', [[{ requests: 99, timeouts: 99 }]], 'list: 99 requests, of which 99 failed, are too few'],
    [
      'no score',
      [{ ...LIGHTHOUSE, scores: { performance: null } }],
      'could not score the performance of /tickets?page=2',
    ],
    ['another category only', [{ ...LIGHTHOUSE, scores: { seo: 90 } }], 'holds no performance category'],
    ['nothing', [], 'no performance report in packages/api'],
  ])('is inconclusive: %s', (_, reports, reason) => {
    const result = judge(reports);
    expect(result.verdict).toBe('inconclusive');
    expect(result.reason).toContain(reason);
  });

  it('does not hide a failure, and keeps it from being waived away', () => {
    const result = judge([
      [
        { name: 'slow', p95: 300 },
        { name: 'few', requests: 3 },
      ],
    ]);
    expect(result.verdict).toBe('fail');
    expect(result.unsettled).toContain('few: 3 requests');
  });

  it('is a Lighthouse report alone where a load test is configured', () => {
    expect(judge([LIGHTHOUSE]).verdict).toBe('pass');
    expect(judge([LIGHTHOUSE], {}, project('release-load'))).toMatchObject({
      verdict: 'inconclusive',
      reason: 'no load was measured; make a report with: npx nx run api:release-load',
    });
  });
});

it("fails where the tool's own threshold is broken, whatever its numbers are", () => {
  const result = judge([[{ brokenThresholds: ['checks: rate>0.99'] }]]);
  expect(result.verdict).toBe('fail');
  expect(fingerprints(result)).toEqual(['performance:list:threshold checks: rate>0.99']);
});

it("fails where Lighthouse's score is below the limit, and tells its warnings", () => {
  const result = judge([{ ...LIGHTHOUSE, scores: { performance: 72 }, warnings: ['The page was redirected'] }]);
  expect(result.verdict).toBe('fail');
  expect(fingerprints(result)).toEqual(['performance:/tickets?page=2:lighthouse@70']);
  expect(result.warnings).toEqual(['Lighthouse on /tickets?page=2: The page was redirected']);
});

it('concerns only projects with a load test', () => {
  expect(performanceCheck.exempt(project('test'))).toBe('no load test is configured (projects.api.load)');
  expect(performanceCheck.exempt(project('release-load'))).toBeNull();
});

it.each(
  samples
    .filter(({ check }) => check === 'performance')
    .map((sample) => [sample.format, sample.verdict, sample] as const),
)('judges a sample of %s: %s', (_, verdict, { content }) => {
  const { report } = readReport('auto', content);
  const result = performanceCheck.judge(
    { reports: [report], unreadable: [], looked },
    policyShape.parse({}),
    project(),
  );
  expect(result.verdict).toBe(verdict);
});
