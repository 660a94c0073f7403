import { covered, GOOD, POOR, total, type CoveredFile } from './coverage-lines';
import type { ReportSample } from './sample';

function entry(file: CoveredFile): string {
  const path = `/w/src/${file.name}`;
  const all = Array.from({ length: file.total }, (_, index) => index);
  return `${JSON.stringify(path)}:${JSON.stringify({
    path,
    statementMap: Object.fromEntries(
      all.map((index) => [index, { start: { line: index + 1, column: 0 }, end: { line: index + 1, column: 20 } }]),
    ),
    fnMap: {},
    branchMap: {},
    s: Object.fromEntries(all.map((index) => [index, index < file.covered ? 4 : 0])),
    f: {},
    b: {},
  })}`;
}

function numbers(files: readonly CoveredFile[]): string {
  const share = { total: total(files), covered: covered(files), skipped: 0 };
  return JSON.stringify({ lines: { ...share, pct: Math.floor((1e4 * share.covered) / share.total) / 100 } });
}

const sums = (file: CoveredFile): string => `"/w/src/${file.name}":${numbers([file])}`;
const summary = (files: readonly CoveredFile[]): string => `{"total":${numbers(files)},${files.map(sums).join(',')}}`;

export const istanbulSamples: readonly ReportSample[] = [
  { format: 'istanbul', check: 'coverage', verdict: 'pass', content: `{${GOOD.map(entry).join(',')}}` },
  {
    format: 'istanbul',
    check: 'coverage',
    verdict: 'fail',
    content: `{${POOR.map(entry).join(',')}}`,
    evidence: POOR.map(entry),
  },
];

export const istanbulSummarySamples: readonly ReportSample[] = [
  {
    format: 'istanbul-summary',
    check: 'coverage',
    verdict: 'pass',
    content: summary(GOOD),
    claims: ['{"total":{"lines":{"total":30', '"total":20', '"total":10'],
    parts: GOOD.map((file) => `,${sums(file)}`),
  },
  {
    format: 'istanbul-summary',
    check: 'coverage',
    verdict: 'fail',
    content: summary(POOR),
    evidence: [`{"total":${numbers(POOR)}`, sums(POOR[0]), sums(POOR[2])],
    claims: ['"total":93', '"total":31'],
  },
];
