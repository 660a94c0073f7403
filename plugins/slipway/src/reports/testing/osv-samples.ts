import type { ReportSample } from './sample';

const found = (name: string, id: string, severity: string, score: string): string =>
  `{"package":{"name":"${name}","version":"1.0.2","ecosystem":"npm"},"vulnerabilities":[{"id":"${id}","aliases":["CVE-2021-23337"],"summary":"Flaw in ${name}","affected":[{"package":{"name":"${name}","ecosystem":"npm"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.2.3"}]}]}],"database_specific":{"severity":"${severity}"}}],"groups":[{"ids":["${id}"],"aliases":["${id}"],"max_severity":"${score}"}]}`;
const osv = (...packages: readonly string[]): string =>
  `{"results":[{"source":{"path":"/w/package-lock.json","type":"lockfile"},"packages":[${packages.join(',')}]}],"experimental_config":{"licenses":{"summary":false,"allowlist":null}}}`;

const LOW = found('ini', 'GHSA-qqgx-2p2h-9c37', 'LOW', '2.1');
const HIGH = found('tar', 'GHSA-r628-mhmh-qjhw', 'HIGH', '8.1');
const CRITICAL = found('y18n', 'GHSA-c4w7-xm78-47vh', 'CRITICAL', '9.8');

export const osvSamples: readonly ReportSample[] = [
  { format: 'osv', check: 'security', verdict: 'pass', content: osv(LOW) },
  { format: 'osv', check: 'security', verdict: 'fail', content: osv(HIGH, LOW, CRITICAL), evidence: [HIGH, CRITICAL] },
];
