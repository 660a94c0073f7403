import { readReport, ReportError, type LoadScenario, type ReportFormat } from './index';
import { samples } from './testing/samples';

function read(content: string, format: ReportFormat | 'auto' = 'auto'): readonly LoadScenario[] {
  const { report } = readReport(format, content);
  if (report.kind !== 'performance') throw new Error(`read as ${report.kind}`);
  return report.scenarios;
}

function problem(content: string, format: ReportFormat): string {
  try {
    read(content, format);
  } catch (error) {
    if (error instanceof ReportError) return error.problem;
    throw error;
  }
  return 'none';
}

function sample(format: ReportFormat, verdict: 'pass' | 'fail'): string {
  const found = samples.find((one) => one.format === format && one.verdict === verdict);
  if (!found) throw new Error(`no sample of ${format}`);
  return found.content;
}

/** The sample with one piece replaced, which must be there. */
function changed(content: string, piece: string, by: string): string {
  expect(content).toContain(piece);
  return content.replace(piece, by);
}

const LOAD: readonly ReportFormat[] = ['k6-summary', 'autocannon', 'jmeter-csv', 'locust-csv'];

it.each(LOAD)('%s is told by its content', (format) => {
  expect(readReport('auto', sample(format, 'pass')).format).toBe(format);
});

it.each(LOAD)('%s that breaks off in the middle is no report', (format) => {
  const content = sample(format, 'pass');
  expect(problem(content.slice(0, content.length * 0.6 - 3), format)).not.toBe('none');
});

describe('autocannon', () => {
  /** As `autocannon --json` writes it: an answer in time, an error in time, and requests without any. */
  const plain = {
    url: 'http://localhost:8000/list',
    finish: '2026-11-01T10:00:05.000Z',
    errors: 10,
    timeouts: 8,
    mismatches: 0,
    non2xx: 18,
    '2xx': 108,
    latency: { average: 28.4, min: 1, max: 57, p2_5: 0, p50: 31, p75: 32, p90: 36, p97_5: 55, p99: 57, p99_9: 57.01 },
    requests: { total: 126, sent: 141 },
  };
  const one = (change: object): string => JSON.stringify({ ...plain, ...change });

  it('counts what is not 2xx, time-outs and broken connections, and has no p95', () => {
    expect(read(one({}))).toEqual([
      {
        name: 'http://localhost:8000/list',
        requests: 136,
        failed: 20,
        timeouts: 8,
        p95: null,
        latencies: { max: 57, p50: 31, p75: 32, p90: 36, 'p97.5': 55, p99: 57, 'p99.9': 57.01 },
        coversFailures: false,
        brokenThresholds: [],
      },
    ]);
  });

  it('takes one result, a list, or scenarios, by their titles', () => {
    const list = [one({ title: 'a' }), one({ title: 'b' })].join(',');
    for (const content of [`[${list}]`, `{"scenarios":[${list}]}`]) {
      expect(read(content).map(({ name }) => name)).toEqual(['a', 'b']);
    }
  });

  it("takes release-load's p95, which covers all requests", () => {
    const [list] = read(sample('autocannon', 'pass'));
    expect(list).toMatchObject({ p95: 81.5, latencies: { p50: 12.5 }, coversFailures: true });
  });

  it('takes what is not "non2xx" for good where older versions count no "2xx"', () => {
    expect(read(one({ '2xx': undefined }))[0]).toMatchObject({ requests: 136, failed: 20, timeouts: 8 });
    expect(problem(one({ '2xx': undefined, non2xx: 127 }), 'autocannon')).toBe('contradictory');
  });

  it('counts answers that are not the expected ones as failed', () => {
    expect(read(one({ mismatches: 5 }))[0]?.failed).toBe(25);
  });

  it('knows no latency where nothing was answered', () => {
    const none = { '2xx': 0, non2xx: 0, errors: 9, timeouts: 9, requests: { total: 0, sent: 9 } };
    expect(read(one(none))[0]).toMatchObject({ requests: 9, timeouts: 9, latencies: {} });
  });

  const histogram = (change: object): object => ({
    slipwayHistogram: { samples: 136, p95: null, percentiles: {}, ...change },
  });
  it.each([
    ['no request', { '2xx': 0, non2xx: 0, errors: 0, timeouts: 0, requests: { total: 0 } }, 'empty'],
    ['answers that do not add up', { '2xx': 109 }, 'contradictory'],
    ['more time-outs than errors', { timeouts: 11 }, 'contradictory'],
    ['more answers than requests', { requests: { total: 126, sent: 125 } }, 'contradictory'],
    ['percentiles out of order', { latency: { ...plain.latency, p90: 60 } }, 'contradictory'],
    ['a percentile above the maximum', { latency: { ...plain.latency, max: 40 } }, 'contradictory'],
    ['a negative time', { latency: { p90: -1 } }, 'contradictory'],
    ['a time that is none', { latency: { p90: null } }, 'malformed'],
    ['a count that is none', { errors: 1.5 }, 'malformed'],
    ['no count of errors', { errors: undefined }, 'malformed'],
    ['other samples than requests', histogram({ samples: 135 }), 'contradictory'],
    ['a p95 where more than 5 % failed', histogram({ p95: 30 }), 'contradictory'],
    [
      'two different p95',
      {
        ...histogram({ p95: 30, percentiles: { 95: 31 } }),
        errors: 0,
        timeouts: 0,
        non2xx: 0,
        '2xx': 136,
        requests: { total: 136 },
      },
      'contradictory',
    ],
    [
      'no p95 where less than 5 % failed',
      { ...histogram({}), errors: 0, timeouts: 0, non2xx: 0, '2xx': 136, requests: { total: 136 } },
      'contradictory',
    ],
    ['a histogram that nobody knows', histogram({ median: 3 }), 'malformed'],
  ])('is refused with %s', (_, change, expected) => {
    expect(problem(one(change), 'autocannon')).toBe(expected);
  });

  it('is refused with two scenarios of one name, and with none', () => {
    expect(problem(`[${one({})},${one({})}]`, 'autocannon')).toBe('contradictory');
    expect(problem('[]', 'autocannon')).toBe('empty');
  });
});

describe('k6', () => {
  it('takes failed requests from what it calls passes, and a true threshold as broken, in its export', () => {
    expect(read(sample('k6-summary', 'fail'))).toEqual([
      {
        name: 'all requests',
        requests: 500,
        failed: 60,
        timeouts: 0,
        p95: 480.5,
        latencies: { max: 900.5, p50: 90, p90: 310, p95: 480.5 },
        coversFailures: false,
        brokenThresholds: ['http_req_duration: p(95)<200'],
      },
    ]);
  });

  it('takes a threshold that is not ok as broken in the data of handleSummary', () => {
    const [all] = read(sample('k6-summary', 'pass'));
    expect(all).toMatchObject({ requests: 512, failed: 0, p95: 96.5, brokenThresholds: [] });
    const broken = changed(sample('k6-summary', 'pass'), '{"ok":true}', '{"ok":false}');
    expect(read(broken)[0]?.brokenThresholds).toEqual(['http_req_duration: p(95)<200']);
  });

  it('counts answers that a check of the script refused as failed', () => {
    const checked = changed(sample('k6-summary', 'pass'), '"passes":512,"fails":0', '"passes":500,"fails":12');
    expect(read(checked)[0]?.failed).toBe(12);
  });

  it.each([
    [0, 0],
    [0.0121, 7],
    [1, 500],
  ])('counts failed requests from their share, where that is all it tells: %d', (value, failed) => {
    const { metrics } = JSON.parse(sample('k6-summary', 'fail')) as { metrics: Record<string, unknown> };
    const told = { metrics: { ...metrics, http_req_failed: { value } } };
    expect(read(JSON.stringify(told))[0]).toMatchObject({ requests: 500, failed });
  });

  it('has no p95 where its trend statistics name none', () => {
    expect(read(changed(sample('k6-summary', 'pass'), '"p(95)":96.5', '"p(85)":70'))[0]?.p95).toBeNull();
  });

  it.each([
    ['no request', '"count":500', '"count":0', 'contradictory'],
    ['outcomes that do not add up', '"fails":440', '"fails":400', 'contradictory'],
    ['a rate of its own', '"value":0.12', '"value":0', 'contradictory'],
    ['no outcomes', '"http_req_failed"', '"other"', 'malformed'],
    ['no durations', '"http_req_duration"', '"other"', 'malformed'],
    ['percentiles out of order', '"p(90)":310', '"p(90)":490', 'contradictory'],
    ['a threshold that says nothing', '"p(95)<200":true', '"p(95)<200":"yes"', 'malformed'],
    ['a time that is none', '"p(95)":480.5', '"p(95)":"480.5"', 'malformed'],
  ])('is refused with %s', (_, piece, by, expected) => {
    expect(problem(changed(sample('k6-summary', 'fail'), piece, by), 'k6-summary')).toBe(expected);
  });
});

describe('JMeter', () => {
  it('is refused with a line that no load test writes', () => {
    const header = 'timeStamp,elapsed,label,responseCode,success\n';
    expect(problem(header + ','.repeat(1_000_001), 'jmeter-csv')).toBe('hostile');
  });

  const HEADER = 'timeStamp,elapsed,label,responseCode,responseMessage,success\n';
  const row = (elapsed: number | string, code: string, message: string, success: boolean | string): string =>
    `1793500000000,${elapsed},list,${code},"${message}",${success}\n`;
  const good = (count: number): string => row(20, '200', 'OK', true).repeat(count);

  it('counts failed requests as slower than all others, and knows time-outs by their exception', () => {
    const timeout = row(3, 'Non HTTP response code: java.net.SocketTimeoutException', 'Read timed out', false);
    const refused = row(
      1,
      'Non HTTP response code: java.net.ConnectException',
      'Connection refused, ""really""',
      false,
    );
    expect(read(HEADER + good(95) + timeout.repeat(2) + refused.repeat(3))).toEqual([
      {
        name: 'list',
        requests: 100,
        failed: 3,
        timeouts: 2,
        p95: 20,
        latencies: { p50: 20, p90: 20, p95: 20 },
        coversFailures: true,
        brokenThresholds: [],
      },
    ]);
    expect(read(HEADER + good(94) + refused.repeat(6))[0]?.p95).toBeNull();
  });

  it('takes a message of several lines, and a last line without an end', () => {
    expect(read(HEADER + row(20, '500', 'first\nsecond', false) + good(1).trimEnd())[0]?.requests).toBe(2);
  });

  it('tells when the last answer came', () => {
    const { report } = readReport('auto', HEADER + row(1_500, '200', 'OK', true));
    expect(report.origin?.measuredAt).toBe('2026-11-01T02:26:41.500Z');
  });

  it.each([
    ['no row', HEADER, 'empty'],
    ['a time that is none', HEADER + row('NaN', '200', 'OK', true), 'malformed'],
    ['a negative time', HEADER + row(-1, '200', 'OK', true), 'malformed'],
    ['no clear outcome', HEADER + row(1, '200', 'OK', 'yes'), 'malformed'],
    ['a last row that breaks off', HEADER + good(3) + '1793500000000,20,li', 'truncated'],
    ['a row with too much in it', HEADER + '1,2,3,4,5,true,7\n' + good(1), 'malformed'],
    ['a quote without an end', HEADER + good(1) + '1793500000000,20,list,500,"no', 'truncated'],
  ])('is refused with %s', (_, content, expected) => {
    expect(problem(content, 'jmeter-csv')).toBe(expected);
  });
});

describe('Locust', () => {
  it('takes each row but the sum of all, whose percentiles hold failed requests too', () => {
    const scenarios = read(sample('locust-csv', 'fail'));
    expect(scenarios.map(({ name }) => name)).toEqual(['GET /list', 'GET /health', 'GET /search']);
    expect(scenarios[2]).toMatchObject({
      requests: 300,
      failed: 90,
      p95: 110,
      latencies: { p50: 9, p98: 130, max: 150 },
      coversFailures: false,
    });
  });

  it('takes a name with a comma in it', () => {
    expect(read(changed(sample('locust-csv', 'pass'), 'GET,/list', 'GET,"/list, all"'))[0]?.name).toBe(
      'GET /list, all',
    );
  });

  it.each([
    ['no sum', ',Aggregated', 'GET,Aggregated', 'truncated'],
    ['requests that do not add up', ',Aggregated,700', ',Aggregated,701', 'contradictory'],
    ['failures that do not add up', '/list,400,0', '/list,400,3', 'contradictory'],
    ['a count that is none', '/list,400,', '/list,4e2,', 'malformed'],
    ['a time that is none', ',14,80,', ',14,nan,', 'malformed'],
    ['percentiles out of order', ',14,80,', ',114,80,', 'contradictory'],
  ])('is refused with %s', (_, piece, by, expected) => {
    expect(problem(changed(sample('locust-csv', 'pass'), piece, by), 'locust-csv')).toBe(expected);
  });

  it('is refused where nothing was sent', () => {
    const header = sample('locust-csv', 'pass').split('\r\n')[0] ?? '';
    const none = ',Aggregated,0,0,0,0.0,0,0,0,0.0,0.0' + ',N/A'.repeat(11);
    expect(problem(`${header}\r\n${none}\r\n`, 'locust-csv')).toBe('empty');
  });
});
