import type { ReportSample } from './sample';

const match = (name: string, id: string, severity: string): string =>
  `{"vulnerability":{"id":"${id}","dataSource":"https://security-tracker.debian.org/tracker/${id}","namespace":"debian:distro:debian:12","severity":"${severity}","urls":[],"fix":{"versions":["1.2.3"],"state":"fixed"}},"relatedVulnerabilities":[],"matchDetails":[],"artifact":{"name":"${name}","version":"1.0.2","type":"deb","purl":"pkg:deb/debian/${name}@1.0.2"}}`;
const grype = (...matches: readonly string[]): string =>
  `{"matches":[${matches.join(',')}],"ignoredMatches":[],"source":{"type":"image","target":{}},"distro":{"name":"debian","version":"12"},"descriptor":{"name":"grype","version":"0.104.0","timestamp":"2026-11-22T09:30:00Z","db":{"status":{"built":"2026-11-22T01:30:00Z","valid":true}}}}`;

const LOW = match('zlib1g', 'CVE-2022-0001', 'Negligible');
const HIGH = match('openssl', 'CVE-2022-0778', 'High');
const CRITICAL = match('libxml2', 'CVE-2022-0002', 'Critical');

export const grypeSamples: readonly ReportSample[] = [
  { format: 'grype', check: 'security', verdict: 'pass', content: grype(LOW) },
  {
    format: 'grype',
    check: 'security',
    verdict: 'fail',
    content: grype(HIGH, LOW, CRITICAL),
    evidence: [HIGH, CRITICAL],
  },
];
