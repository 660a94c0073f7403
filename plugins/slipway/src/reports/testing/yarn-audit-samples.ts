import type { ReportSample } from './sample';

const advisory = (id: number, name: string, ghsa: string, severity: string): string =>
  `{"type":"auditAdvisory","data":{"resolution":{"id":${id},"path":"${name}","dev":false,"optional":false,"bundled":false},"advisory":{"findings":[{"version":"1.0.2","paths":["${name}"]}],"id":${id},"title":"Flaw in ${name}","module_name":"${name}","cves":["CVE-2021-${id}"],"patched_versions":">=1.2.3","severity":"${severity}","github_advisory_id":"${ghsa}","url":"https://github.com/advisories/${ghsa}"}}}`;

const summary = (low: number, high: number, critical: number): string =>
  `{"type":"auditSummary","data":{"vulnerabilities":{"info":0,"low":${low},"moderate":0,"high":${high},"critical":${critical}},"dependencies":312,"devDependencies":0,"optionalDependencies":0,"totalDependencies":312}}`;

const berry = (id: number, name: string, ghsa: string, severity: string): string =>
  `{"value":"${name}","children":{"ID":${id},"Issue":"Flaw in ${name}","URL":"https://github.com/advisories/${ghsa}","Severity":"${severity}","Vulnerable Versions":"<1.2.3","Tree Versions":["1.0.2"],"Dependents":["app@workspace:."]}}`;

const LOW = advisory(1700, 'ini', 'GHSA-qqgx-2p2h-9c37', 'low');
const HIGH = advisory(1523, 'tar', 'GHSA-r628-mhmh-qjhw', 'high');
const CRITICAL = advisory(1654, 'y18n', 'GHSA-c4w7-xm78-47vh', 'critical');
const BERRY = [
  berry(1523, 'tar', 'GHSA-r628-mhmh-qjhw', 'high'),
  berry(1700, 'ini', 'GHSA-qqgx-2p2h-9c37', 'low'),
  berry(1654, 'y18n', 'GHSA-c4w7-xm78-47vh', 'critical'),
] as const;

export const yarnAuditSamples: readonly ReportSample[] = [
  {
    format: 'yarn-audit',
    check: 'security',
    verdict: 'pass',
    content: [LOW, summary(1, 0, 0)].join('\n'),
    claims: ['"high":0', '"critical":0'],
    parts: [`${LOW}\n`, `\n${summary(1, 0, 0)}`],
  },
  {
    format: 'yarn-audit',
    check: 'security',
    verdict: 'fail',
    content: [HIGH, LOW, CRITICAL, summary(1, 1, 1)].join('\n'),
    evidence: [HIGH, CRITICAL],
    parts: [`${HIGH}\n`, `\n${CRITICAL}`, `\n${summary(1, 1, 1)}`],
  },
  {
    format: 'yarn-audit',
    check: 'security',
    verdict: 'pass',
    content: `${[BERRY[1], berry(1701, 'qs', 'GHSA-hrpp-h998-j3pp', 'moderate')].join('\n')}\n`,
    recordEnd: '}}\n',
  },
  {
    format: 'yarn-audit',
    check: 'security',
    verdict: 'fail',
    content: `${BERRY.join('\n')}\n`,
    evidence: [BERRY[0], BERRY[2]],
    recordEnd: '}}\n',
  },
];
