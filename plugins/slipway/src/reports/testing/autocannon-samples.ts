import type { ReportSample } from './sample';

/** A result of autocannon with release-load's histogram: so many answers with 2xx, and the rest timed out. */
function result(title: string, answered: number, timeouts: number, p95: number | null): string {
  return JSON.stringify({
    title,
    url: `http://localhost:8000/${title}`,
    finish: '2026-11-01T10:00:05.000Z',
    slipwayHistogram: { samples: answered + timeouts, p95, percentiles: { 50: 12.5 } },
    errors: timeouts,
    timeouts,
    mismatches: 0,
    non2xx: 0,
    '2xx': answered,
    latency: { average: 20, min: 2, max: 900, p50: 12, p90: 40, p97_5: 210, p99: 400 },
    requests: { average: 100, total: answered, sent: answered + timeouts },
  });
}

function report(...results: string[]): string {
  return `{"slipway":{"measuredAt":"2026-11-01T10:00:05Z"},"scenarios":[${results.join(',')}]}`;
}

export const autocannonSamples: readonly ReportSample[] = [
  {
    format: 'autocannon',
    check: 'performance',
    verdict: 'pass',
    content: report(result('list', 700, 0, 81.5), result('search', 650, 0, 120.5)),
    claims: ['"samples":700', '"2xx":700', '"total":700', '"samples":650', '"2xx":650'],
  },
  {
    format: 'autocannon',
    check: 'performance',
    verdict: 'fail',
    content: report(result('list', 700, 0, 412.5), result('health', 900, 0, 12.5), result('search', 500, 90, null)),
    evidence: [result('list', 700, 0, 412.5), result('search', 500, 90, null)],
    claims: ['"samples":700', '"2xx":900', '"timeouts":90'],
  },
];
