import type { ReportSample } from './sample';

const clean = (name: string, version: string): string => `{"name":"${name}","version":"${version}","vulns":[]}`;
const flawed = (name: string, version: string, id: string, fix: string): string =>
  `{"name":"${name}","version":"${version}","vulns":[{"id":"${id}","fix_versions":["${fix}"],"aliases":["CVE-2023-36053"],"description":"Validators are slow on long input."}]}`;
const pip = (...dependencies: readonly string[]): string => `{"dependencies":[${dependencies.join(',')}],"fixes":[]}`;

const DJANGO = flawed('django', '4.2.0', 'PYSEC-2023-100', '4.2.3');
const REQUESTS = flawed('requests', '2.19.0', 'PYSEC-2018-28', '2.20.0');

export const pipAuditSamples: readonly ReportSample[] = [
  {
    format: 'pip-audit',
    check: 'security',
    verdict: 'pass',
    content: pip(clean('django', '5.2.19'), clean('asgiref', '3.11.0')),
  },
  {
    format: 'pip-audit',
    check: 'security',
    verdict: 'fail',
    content: pip(DJANGO, clean('asgiref', '3.11.0'), REQUESTS),
    evidence: [DJANGO, REQUESTS],
  },
];
