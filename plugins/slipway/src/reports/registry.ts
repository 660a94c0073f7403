import { accessibilitySignOff } from './accessibility-sign-off';
import { autocannon } from './autocannon';
import { axe } from './axe';
import { cobertura } from './cobertura';
import { ctrf } from './ctrf';
import { cycloneDx } from './cyclonedx';
import { grype } from './grype';
import type { ReportReader } from './input';
import { istanbul } from './istanbul';
import { istanbulSummary } from './istanbul-summary';
import { jacoco } from './jacoco';
import { jestJson } from './jest-json';
import { jmeterCsv } from './jmeter-csv';
import { junit } from './junit';
import { k6Summary } from './k6-summary';
import { lcov } from './lcov';
import { lighthouse } from './lighthouse';
import { locustCsv } from './locust-csv';
import { npmAudit } from './npm-audit';
import { osv } from './osv';
import { pipAudit } from './pip-audit';
import { pytestJson } from './pytest-json';
import { sarif } from './sarif';
import { slipwayMigrations } from './slipway-migrations';
import { spdx } from './spdx';
import { trivy } from './trivy';
import { yarnAudit } from './yarn-audit';

/** Every format that is read. A new one is its file and one line here. */
const readers = [
  ...[junit, jestJson, pytestJson, ctrf],
  ...[lcov, cobertura, jacoco, istanbul, istanbulSummary],
  ...[npmAudit, yarnAudit, pipAudit, osv, trivy, grype, sarif, cycloneDx, spdx],
  ...[k6Summary, autocannon, jmeterCsv, locustCsv, lighthouse],
  ...[axe, accessibilitySignOff],
  slipwayMigrations,
] as const;

export type ReportFormat = (typeof readers)[number]['format'];
export const reportReaders: readonly ReportReader<ReportFormat>[] = readers;
