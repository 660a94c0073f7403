import type { ReportSample } from './sample';

const vulnerability = (name: string, id: string, severity: string): string =>
  `{"VulnerabilityID":"${id}","PkgName":"${name}","PkgIdentifier":{"PURL":"pkg:deb/debian/${name}@1.0.2?arch=amd64"},"InstalledVersion":"1.0.2","FixedVersion":"1.2.3","Status":"fixed","Severity":"${severity}","Title":"Flaw in ${name}","PrimaryURL":"https://avd.aquasec.com/nvd/${id.toLowerCase()}"}`;
const LOW = vulnerability('zlib1g', 'CVE-2022-0001', 'LOW');
const HIGH = vulnerability('openssl', 'CVE-2022-0778', 'HIGH');
const USER =
  '{"Type":"dockerfile","ID":"DS002","AVDID":"AVD-DS-0002","Title":"Image user should not be root","Severity":"HIGH","Status":"FAIL","PrimaryURL":"https://avd.aquasec.com/misconfig/ds002","CauseMetadata":{"Provider":"Dockerfile","StartLine":3,"EndLine":3}}';
const KEY =
  '{"RuleID":"private-key","Category":"AsymmetricPrivateKey","Severity":"CRITICAL","Title":"Asymmetric Private Key","StartLine":2,"EndLine":9}';

const trivy = (...results: readonly string[]): string =>
  `{"SchemaVersion":2,"CreatedAt":"2026-11-22T09:30:00.123456789Z","ArtifactName":"desk:1.2.0","ArtifactType":"container_image","Results":[${results.join(',')}]}`;
const packages = (...vulnerabilities: readonly string[]): string =>
  `{"Target":"desk:1.2.0 (debian 12)","Class":"os-pkgs","Type":"debian","Vulnerabilities":[${vulnerabilities.join(',')}]}`;
const dockerfile = (failures: number, ...found: readonly string[]): string =>
  `{"Target":"Dockerfile","Class":"config","Type":"dockerfile","MisconfSummary":{"Successes":20,"Failures":${failures}},"Misconfigurations":[${found.join(',')}]}`;

export const trivySamples: readonly ReportSample[] = [
  {
    format: 'trivy',
    check: 'security',
    verdict: 'pass',
    content: trivy(packages(LOW), dockerfile(0)),
    claims: ['"Failures":0', '"SchemaVersion":2'],
  },
  {
    format: 'trivy',
    check: 'security',
    verdict: 'fail',
    content: trivy(packages(HIGH, LOW), dockerfile(1, USER), `{"Target":"id.pem","Class":"secret","Secrets":[${KEY}]}`),
    evidence: [HIGH, USER, KEY],
    claims: ['"Failures":1'],
    parts: [USER],
  },
];
