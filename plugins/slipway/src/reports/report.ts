/** What every reader of a report gives: one of two shapes, with numbers that were cross-checked. */
export type Report = TestReport | CoverageReport;
export type ReportKind = Report['kind'];

/** `total` is the sum of the four others; a suite that could not run at all counts as one errored test. */
export interface TestReport {
  readonly kind: 'tests';
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  readonly skipped: number;
  /** The first {@link MAX_FAILURES} failed or errored tests, in the report's order. */
  readonly failures: readonly TestFailure[];
  /** Sum of the tests' own times, or null where the report has none. */
  readonly durationMs: number | null;
}

export interface TestFailure {
  readonly name: string;
  /** As the report names it: absolute, or relative to where the tests ran. */
  readonly file: string | null;
  /** 1-based. */
  readonly line: number | null;
  /** One line; may hold anything the tests printed, so renderers must neutralise it. */
  readonly message: string;
}

export interface CoverageReport {
  readonly kind: 'coverage';
  readonly lines: Share;
  /** Null where the report has no branches, or its numbers of them disagree. */
  readonly branches: Share | null;
  readonly files: readonly CoverageFile[];
}

export interface Share {
  readonly covered: number;
  readonly total: number;
}

export interface CoverageFile extends Share {
  /** As the report names it: absolute, or relative to where the tests ran. */
  readonly path: string;
  /** Line numbers, ascending. */
  readonly uncovered: readonly number[];
  /** Line numbers, ascending; null where the report has sums only. */
  readonly coveredLines: readonly number[] | null;
}

export type ReportProblem =
  'empty' | 'truncated' | 'malformed' | 'contradictory' | 'unsupported' | 'hostile' | 'tooLarge';

/** Why a report can't be relied on. Whoever judges it must call the result inconclusive, never a pass. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
  constructor(
    readonly problem: ReportProblem,
    message: string,
  ) {
    super(message);
  }
}

/** Readers keep everything in memory, so bigger files are refused before they are read. */
export const MAX_REPORT_BYTES = 100 * 1024 * 1024;
/** Nesting of XML elements or JSON values. Real reports stay below 20. */
export const MAX_DEPTH = 200;
export const MAX_FAILURES = 200;
