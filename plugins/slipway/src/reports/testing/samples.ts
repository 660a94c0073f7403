import { accessibilitySignOffSamples, axeSamples, lighthouseSamples } from './accessibility-samples';
import { autocannonSamples } from './autocannon-samples';
import { coberturaSamples } from './cobertura-samples';
import { ctrfSamples } from './ctrf-samples';
import { cycloneDxSamples, spdxSamples } from './cyclonedx-samples';
import { grypeSamples } from './grype-samples';
import { istanbulSamples, istanbulSummarySamples } from './istanbul-samples';
import { jacocoSamples } from './jacoco-samples';
import { jestJsonSamples } from './jest-json-samples';
import { junitSamples } from './junit-samples';
import { k6Samples } from './k6-samples';
import { lcovSamples } from './lcov-samples';
import { jmeterSamples, locustSamples } from './load-csv-samples';
import { npmAuditSamples } from './npm-audit-samples';
import { osvSamples } from './osv-samples';
import { pipAuditSamples } from './pip-audit-samples';
import { pytestJsonSamples } from './pytest-json-samples';
import { sarifSamples } from './sarif-samples';
import { slipwayMigrationsSamples } from './slipway-migrations-samples';
import { trivySamples } from './trivy-samples';
import { yarnAuditSamples } from './yarn-audit-samples';
import type { ReportSample } from './sample';

export type { ReportSample } from './sample';

/** Valid reports of every format that is read, our own, small. A new format adds its `<format>-samples.ts` and a line here. */
export const samples: readonly ReportSample[] = [
  ...[...junitSamples, ...jestJsonSamples, ...pytestJsonSamples, ...ctrfSamples],
  ...[...lcovSamples, ...coberturaSamples, ...jacocoSamples, ...istanbulSamples, ...istanbulSummarySamples],
  ...slipwayMigrationsSamples,
  ...[...k6Samples, ...autocannonSamples, ...jmeterSamples, ...locustSamples, ...lighthouseSamples],
  ...[...axeSamples, ...accessibilitySignOffSamples],
  ...[...npmAuditSamples, ...yarnAuditSamples, ...pipAuditSamples, ...osvSamples, ...trivySamples, ...grypeSamples],
  ...[...sarifSamples, ...cycloneDxSamples, ...spdxSamples],
];
