import type { ReportSample } from './sample';

const DURATION = '"http_req_duration":{"avg":120,"max":900.5,"med":90,"min":4,"p(90)":310,"p(95)":480.5,';
const FAILED = '"http_req_failed":{"passes":60,"fails":440,"value":0.12}';
const OTHERS = ['data_received', 'data_sent', 'iteration_duration', 'vus', 'vus_max'].map(
  (name) => `"${name}":{"count":88210,"rate":1764.2}`,
);

export const k6Samples: readonly ReportSample[] = [
  {
    format: 'k6-summary',
    check: 'performance',
    verdict: 'pass',
    // The data that handleSummary gets.
    content: JSON.stringify({
      options: { summaryTimeUnit: '' },
      state: { testRunDurationMs: 30_000 },
      root_group: { name: '', path: '', checks: [] },
      metrics: {
        http_reqs: { type: 'counter', contains: 'default', values: { count: 512, rate: 17 } },
        http_req_failed: { type: 'rate', contains: 'default', values: { rate: 0, passes: 0, fails: 512 } },
        http_req_duration: {
          type: 'trend',
          contains: 'time',
          values: { avg: 40, min: 3, med: 31, max: 180, 'p(90)': 80, 'p(95)': 96.5 },
          thresholds: { 'p(95)<200': { ok: true } },
        },
        checks: { type: 'rate', contains: 'default', values: { rate: 1, passes: 512, fails: 0 } },
      },
    }),
    claims: ['"count":512', '"passes":0,"fails":512'],
  },
  {
    format: 'k6-summary',
    check: 'performance',
    verdict: 'fail',
    // What --summary-export writes: a threshold that is true was crossed.
    content: `{"root_group":{"name":"","checks":{}},"metrics":{${DURATION}"thresholds":{"p(95)<200":true}},${OTHERS.join(',')},"http_reqs":{"count":500,"rate":10},${FAILED}}}`,
    evidence: [DURATION, FAILED],
    claims: ['"count":500', '"fails":440'],
  },
];
