import { cobertura } from './cobertura';
import type { ReportReader } from './input';
import { istanbul } from './istanbul';
import { istanbulSummary } from './istanbul-summary';
import { jestJson } from './jest-json';
import { junit } from './junit';
import { lcov } from './lcov';

/** Every format that is read. A new one is its file and one line here. */
const readers = [junit, jestJson, lcov, cobertura, istanbul, istanbulSummary] as const;

export type ReportFormat = (typeof readers)[number]['format'];
export const reportReaders: readonly ReportReader<ReportFormat>[] = readers;
