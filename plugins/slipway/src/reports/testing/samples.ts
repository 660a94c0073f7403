import { accessibilitySignOffSamples, axeSamples, lighthouseSamples } from './accessibility-samples';
import { autocannonSamples } from './autocannon-samples';
import { coberturaSamples } from './cobertura-samples';
import { ctrfSamples } from './ctrf-samples';
import { istanbulSamples, istanbulSummarySamples } from './istanbul-samples';
import { jacocoSamples } from './jacoco-samples';
import { jestJsonSamples } from './jest-json-samples';
import { junitSamples } from './junit-samples';
import { k6Samples } from './k6-samples';
import { lcovSamples } from './lcov-samples';
import { jmeterSamples, locustSamples } from './load-csv-samples';
import { pytestJsonSamples } from './pytest-json-samples';
import type { ReportSample } from './sample';
import { slipwayMigrationsSamples } from './slipway-migrations-samples';

export type { ReportSample } from './sample';

/** Valid reports of every format that is read, our own, small. A new format adds its `<format>-samples.ts` and a line here. */
export const samples: readonly ReportSample[] = [
  ...[...junitSamples, ...jestJsonSamples, ...pytestJsonSamples, ...ctrfSamples],
  ...[...lcovSamples, ...coberturaSamples, ...jacocoSamples, ...istanbulSamples, ...istanbulSummarySamples],
  ...slipwayMigrationsSamples,
  ...[...k6Samples, ...autocannonSamples, ...jmeterSamples, ...locustSamples, ...lighthouseSamples],
  ...[...axeSamples, ...accessibilitySignOffSamples],
];
