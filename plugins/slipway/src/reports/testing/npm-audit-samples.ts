import type { ReportSample } from './sample';

const lodash =
  '{"name":"lodash","severity":"high","isDirect":true,"via":[{"source":1106900,"name":"lodash","dependency":"lodash","title":"Command Injection in lodash","url":"https://github.com/advisories/GHSA-35jh-r3h4-6jhm","severity":"high","cwe":["CWE-94"],"cvss":{"score":7.2,"vectorString":"CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H"},"range":"<4.17.21"}],"effects":[],"range":"<=4.17.20","nodes":["node_modules/lodash"],"fixAvailable":true}';
const minimist =
  '{"name":"minimist","severity":"critical","isDirect":false,"via":[{"source":1097678,"name":"minimist","dependency":"minimist","title":"Prototype Pollution in minimist","url":"https://github.com/advisories/GHSA-xvch-5gv4-984h","severity":"critical","cwe":[],"cvss":{"score":9.8,"vectorString":null},"range":"<0.2.4"}],"effects":["mkdirp"],"range":"<=0.2.3","nodes":["node_modules/minimist"],"fixAvailable":{"name":"mkdirp","version":"3.0.1","isSemVerMajor":true}}';
const mkdirp =
  '{"name":"mkdirp","severity":"critical","isDirect":true,"via":["minimist"],"effects":[],"range":"0.4.1 - 0.5.1","nodes":["node_modules/mkdirp"],"fixAvailable":{"name":"mkdirp","version":"3.0.1","isSemVerMajor":true}}';
const cookie =
  '{"name":"cookie","severity":"low","isDirect":true,"via":[{"source":1103907,"name":"cookie","dependency":"cookie","title":"cookie accepts odd names","url":"https://github.com/advisories/GHSA-pxg6-pf52-xh8x","severity":"low","cwe":[],"cvss":{"score":0,"vectorString":null},"range":"<0.7.0"}],"effects":[],"range":"<0.7.0","nodes":["node_modules/cookie"],"fixAvailable":false}';

type Counts = readonly [info: number, low: number, moderate: number, high: number, critical: number];

function two(packages: Readonly<Record<string, string>>, [info, low, moderate, high, critical]: Counts): string {
  const total = info + low + moderate + high + critical;
  const entries = Object.entries(packages).map(([name, entry]) => `"${name}":${entry}`);
  return `{"auditReportVersion":2,"vulnerabilities":{${entries.join(',')}},"metadata":{"vulnerabilities":{"info":${info},"low":${low},"moderate":${moderate},"high":${high},"critical":${critical},"total":${total}},"dependencies":{"prod":201,"dev":110,"optional":1,"peer":0,"peerOptional":0,"total":312}}}`;
}

const advisory = (id: number, name: string, ghsa: string, severity: string): string =>
  `"${id}":{"findings":[{"version":"1.0.2","paths":["app>${name}"]}],"id":${id},"title":"Flaw in ${name}","module_name":"${name}","cves":[],"vulnerable_versions":"<1.2.3","patched_versions":">=1.2.3","severity":"${severity}","github_advisory_id":"${ghsa}","url":"https://github.com/advisories/${ghsa}"}`;

function one(advisories: readonly string[], [info, low, moderate, high, critical]: Counts): string {
  return `{"actions":[],"advisories":{${advisories.join(',')}},"muted":[],"metadata":{"vulnerabilities":{"info":${info},"low":${low},"moderate":${moderate},"high":${high},"critical":${critical}},"dependencies":200,"devDependencies":111,"optionalDependencies":1,"totalDependencies":312}}`;
}

const HIGH = advisory(1523, 'tar', 'GHSA-r628-mhmh-qjhw', 'high');
const CRITICAL = advisory(1654, 'y18n', 'GHSA-c4w7-xm78-47vh', 'critical');

/** A clean report, for samples that need one beside them. */
export const CLEAN_NPM_AUDIT = two({}, [0, 0, 0, 0, 0]);

export const npmAuditSamples: readonly ReportSample[] = [
  {
    format: 'npm-audit',
    check: 'security',
    verdict: 'pass',
    content: two({ cookie }, [0, 1, 0, 0, 0]),
    claims: ['"low":1', '"high":0', '"critical":0,"total":1', '"total":1}', '"auditReportVersion":2'],
    parts: [`"cookie":${cookie}`],
  },
  {
    format: 'npm-audit',
    check: 'security',
    verdict: 'fail',
    content: two({ lodash, cookie, minimist, mkdirp }, [0, 1, 0, 1, 2]),
    evidence: [lodash, minimist],
    claims: ['"high":1', '"critical":2', '"total":4}'],
    parts: [`"lodash":${lodash},`, `"minimist":${minimist},`, `,"mkdirp":${mkdirp}`],
  },
  {
    format: 'npm-audit',
    check: 'security',
    verdict: 'pass',
    content: one([advisory(1700, 'ini', 'GHSA-qqgx-2p2h-9c37', 'low')], [0, 1, 0, 0, 0]),
    claims: ['"high":0', '"critical":0'],
    parts: [advisory(1700, 'ini', 'GHSA-qqgx-2p2h-9c37', 'low')],
  },
  {
    format: 'npm-audit',
    check: 'security',
    verdict: 'fail',
    content: one([HIGH, advisory(1700, 'ini', 'GHSA-qqgx-2p2h-9c37', 'low'), CRITICAL], [0, 1, 0, 1, 1]),
    evidence: [HIGH, CRITICAL],
    parts: [`${HIGH},`, `,${CRITICAL}`],
  },
];
