import type { ReportSample } from './sample';

/** One record: so many lines, the last ones of which no test ran. */
function record(path: string, covered: number, total: number): string {
  const lines = Array.from({ length: total }, (_, index) => `DA:${index + 1},${index < covered ? 3 : 0}\n`);
  const branches = 'BRDA:1,0,0,2\nBRDA:1,0,1,-\nBRF:2\nBRH:1\n';
  return `TN:\nSF:${path}\nFN:1,load\nFNDA:3,load\nFNF:1\nFNH:1\n${lines.join('')}LF:${total}\nLH:${covered}\n${branches}end_of_record\n`;
}

/** The lines of a record that no test ran: enough of them to stay below any usual limit. */
function uncovered(covered: number, total: number): string {
  return Array.from({ length: total - covered }, (_, index) => `DA:${covered + index + 1},0\n`).join('');
}

export const lcovSamples: readonly ReportSample[] = [
  {
    format: 'lcov',
    check: 'coverage',
    verdict: 'pass',
    content: record('src/list.ts', 18, 20) + record('src/detail.ts', 9, 10),
    claims: ['LF:20', 'LH:18', 'LF:10', 'LH:9'],
    parts: ['DA:3,3\n', 'DA:20,0\n'],
    recordEnd: 'end_of_record',
  },
  {
    format: 'lcov',
    check: 'coverage',
    verdict: 'fail',
    content: record('src/old-a.ts', 4, 30) + record('src/old-b.ts', 3, 31) + record('src/old-c.ts', 5, 32),
    evidence: [
      `SF:src/old-a.ts\nFN:1,load\nFNDA:3,load\nFNF:1\nFNH:1\nDA:1,3\nDA:2,3\nDA:3,3\nDA:4,3\n${uncovered(4, 30)}LF:30\nLH:4\n`,
      `SF:src/old-c.ts\nFN:1,load\nFNDA:3,load\nFNF:1\nFNH:1\nDA:1,3\nDA:2,3\nDA:3,3\nDA:4,3\nDA:5,3\n${uncovered(5, 32)}LF:32\nLH:5\n`,
    ],
    claims: ['LF:30', 'LH:4', 'LF:32', 'LH:5'],
    recordEnd: 'end_of_record',
  },
];
