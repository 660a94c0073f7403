import type { ReportSample } from './sample';

const JMETER = 'timeStamp,elapsed,label,responseCode,success\n';

function rows(label: string, count: number, elapsed: number, success = true): string {
  const row = (index: number): string =>
    `${1_793_500_000_000 + index * 20},${elapsed + (index % 7)},${label},${success ? 200 : 500},${success}\n`;
  return Array.from({ length: count }, (_, index) => row(index)).join('');
}

export const jmeterSamples: readonly ReportSample[] = [
  {
    format: 'jmeter-csv',
    check: 'performance',
    verdict: 'pass',
    content: JMETER + rows('list', 110, 34) + rows('search', 105, 61),
    recordEnd: ',true',
  },
  {
    format: 'jmeter-csv',
    check: 'performance',
    verdict: 'fail',
    content:
      JMETER + rows('list', 60, 34) + rows('list', 50, 3, false) + rows('search', 70, 61) + rows('search', 40, 900),
    evidence: [rows('list', 50, 3, false), rows('search', 40, 900)],
    recordEnd: ',true',
  },
];

const LOCUST =
  'Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%\r\n';

function stats(name: string, requests: number, failures: number, p95: number): string {
  const high = [p95, p95 + 20, p95 + 30, p95 + 40, p95 + 40, p95 + 40].join(',');
  return `${name},${requests},${failures},9,12.5,1.2,${p95 + 41.5},120,20.5,0.5,9,10,11,12,14,${high}\r\n`;
}

export const locustSamples: readonly ReportSample[] = [
  {
    format: 'locust-csv',
    check: 'performance',
    verdict: 'pass',
    content:
      LOCUST + stats('GET,/list', 400, 0, 80) + stats('GET,/search', 300, 0, 110) + stats(',Aggregated', 700, 0, 100),
    claims: ['/list,400,0', 'Aggregated,700,0', '/search,300,0'],
    parts: [stats('GET,/list', 400, 0, 80), stats('GET,/search', 300, 0, 110), stats(',Aggregated', 700, 0, 100)],
    recordEnd: ',140',
  },
  {
    format: 'locust-csv',
    check: 'performance',
    verdict: 'fail',
    content:
      LOCUST +
      stats('GET,/list', 400, 0, 480) +
      stats('GET,/health', 200, 0, 20) +
      stats('GET,/search', 300, 90, 110) +
      stats(',Aggregated', 900, 90, 300),
    evidence: [stats('GET,/list', 400, 0, 480), stats('GET,/search', 300, 90, 110)],
    claims: ['Aggregated,900,90'],
  },
];
