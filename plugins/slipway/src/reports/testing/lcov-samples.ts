import { GOOD, lines, POOR, type CoveredFile } from './coverage-lines';
import type { ReportSample } from './sample';

function head({ name }: CoveredFile): string {
  return `TN:\nSF:src/${name}\nFN:1,load\nFNDA:3,load\nFNF:1\nFNH:1\n`;
}

function body(file: CoveredFile): string {
  return `${lines(file, (line, hit) => `DA:${line},${hit ? 3 : 0}\n`)}LF:${file.total}\nLH:${file.covered}\n`;
}

function record(file: CoveredFile): string {
  return `${head(file)}${body(file)}BRDA:1,0,0,2\nBRDA:1,0,1,-\nBRF:2\nBRH:1\nend_of_record\n`;
}

export const lcovSamples: readonly ReportSample[] = [
  {
    format: 'lcov',
    check: 'coverage',
    verdict: 'pass',
    content: GOOD.map(record).join(''),
    claims: ['LF:20', 'LH:18', 'LF:10', 'LH:9'],
    parts: ['DA:18,3\n', 'DA:20,0\n'],
    recordEnd: 'end_of_record',
  },
  {
    format: 'lcov',
    check: 'coverage',
    verdict: 'fail',
    content: POOR.map(record).join(''),
    evidence: POOR.map((file) => head(file) + body(file)),
    claims: ['LF:30', 'LH:4', 'LF:32', 'LH:5'],
    recordEnd: 'end_of_record',
  },
];
