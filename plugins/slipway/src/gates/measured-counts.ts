import { readReport, ReportError, type CoverageReport, type Share, type TestReport } from '../reports';
import { mergeCoverage } from './merge-coverage';
import type { ReportFile } from './read-files';

/** What the next release is compared with. */
export interface MeasuredCounts {
  /** Lines that tests ran; null where nothing was measured. */
  readonly lines: Share | null;
  /** Tests that ran, skipped ones not counted; null where there is no report of tests. */
  readonly tests: number | null;
}

export interface MeasuredReports {
  readonly coverage: readonly CoverageReport[];
  readonly tests: readonly TestReport[];
}

/** The test and coverage reports among a project's files. What can't be read was told when its verdict was made. */
export function measuredReports(files: readonly ReportFile[]): MeasuredReports {
  const coverage: CoverageReport[] = [];
  const tests: TestReport[] = [];
  for (const file of files) {
    const report = 'content' in file ? readOrNull(file.content) : null;
    if (report?.kind === 'coverage' && file.wanted.includes('coverage')) coverage.push(report);
    if (report?.kind === 'tests' && file.wanted.includes('tests')) tests.push(report);
  }
  return { coverage, tests };
}

export function measuredCounts({ coverage, tests }: MeasuredReports): MeasuredCounts {
  const merged = coverage.length === 0 ? null : mergeCoverage(coverage);
  return {
    lines: merged === null || 'contradiction' in merged || merged.lines.total === 0 ? null : merged.lines,
    tests: tests.length === 0 ? null : tests.reduce((sum, { total, skipped }) => sum + total - skipped, 0),
  };
}

function readOrNull(content: string | Uint8Array): ReturnType<typeof readReport>['report'] | null {
  try {
    return readReport('auto', content).report;
  } catch (error) {
    if (error instanceof ReportError) return null;
    throw error;
  }
}
