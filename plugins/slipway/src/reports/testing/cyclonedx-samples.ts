import { CLEAN_NPM_AUDIT } from './npm-audit-samples';
import type { ReportSample } from './sample';

const COMPONENT =
  '{"type":"library","bom-ref":"pkg:npm/tar@6.0.0","name":"tar","version":"6.0.0","purl":"pkg:npm/tar@6.0.0"}';
const vulnerability = (id: string, severity: string): string =>
  `{"id":"${id}","source":{"name":"GitHub","url":"https://github.com/advisories/${id}"},"ratings":[{"severity":"${severity}","method":"CVSSv31"}],"description":"Flaw in tar","affects":[{"ref":"pkg:npm/tar@6.0.0"}]}`;
const bom = (...vulnerabilities: readonly string[]): string =>
  `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"metadata":{"timestamp":"2026-11-22T09:30:00Z","tools":{"components":[{"type":"application","name":"trivy","version":"0.68.0"}]}},"components":[${COMPONENT}],"vulnerabilities":[${vulnerabilities.join(',')}]}`;

const LOW = vulnerability('GHSA-qqgx-2p2h-9c37', 'low');
const HIGH = vulnerability('GHSA-r628-mhmh-qjhw', 'high');
const CRITICAL = vulnerability('GHSA-c4w7-xm78-47vh', 'critical');

const xmlVulnerability = (id: string, severity: string): string =>
  `<vulnerability><id>${id}</id><ratings><rating><severity>${severity}</severity></rating></ratings><affects><target><ref>a</ref></target></affects></vulnerability>`;
const xml = (...vulnerabilities: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1"><metadata><timestamp>2026-11-22T09:30:00Z</timestamp></metadata><components><component type="library" bom-ref="a"><name>tar</name><version>6.0.0</version><purl>pkg:npm/tar@6.0.0</purl></component></components><vulnerabilities>${vulnerabilities.join('')}</vulnerabilities></bom>
`;

const XML_HIGH = xmlVulnerability('CVE-2021-0001', 'high');
const XML_CRITICAL = xmlVulnerability('CVE-2021-0002', 'critical');

export const cycloneDxSamples: readonly ReportSample[] = [
  { format: 'cyclonedx', check: 'security', verdict: 'pass', content: bom(LOW) },
  {
    format: 'cyclonedx',
    check: 'security',
    verdict: 'fail',
    content: bom(HIGH, LOW, CRITICAL),
    evidence: [HIGH, CRITICAL],
  },
  { format: 'cyclonedx', check: 'security', verdict: 'pass', content: xml(xmlVulnerability('CVE-2021-0003', 'low')) },
  {
    format: 'cyclonedx',
    check: 'security',
    verdict: 'fail',
    content: xml(XML_HIGH, xmlVulnerability('CVE-2021-0003', 'low'), XML_CRITICAL),
    evidence: [XML_HIGH, XML_CRITICAL],
  },
];

/** An inventory passes nothing by itself. */
export const spdxSamples: readonly ReportSample[] = [
  {
    format: 'spdx',
    check: 'security',
    verdict: 'pass',
    content:
      '{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"desk","creationInfo":{"created":"2026-11-22T09:30:00Z","creators":["Tool: npm/cli-11.6.2"]},"packages":[{"name":"tar","SPDXID":"SPDXRef-tar","versionInfo":"7.5.2"}]}',
    beside: [CLEAN_NPM_AUDIT],
  },
];
