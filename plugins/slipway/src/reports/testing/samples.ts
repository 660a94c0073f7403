import { junitSamples } from './junit-samples';
import { lcovSamples } from './lcov-samples';
import type { ReportSample } from './sample';

export type { ReportSample } from './sample';

/** Valid reports of every format that is read, our own, small. A new format adds its `<format>-samples.ts` and a line here. */
export const samples: readonly ReportSample[] = [...junitSamples, ...lcovSamples];
