/** What every reader of a report gives: one of few shapes, with numbers that were cross-checked. */
export type Report =
  | TestReport
  | CoverageReport
  | SecurityReport
  | InventoryReport
  | PerformanceReport
  | LighthouseReport
  | AccessibilityReport
  | SignOffReport
  | MigrationReport;
export type ReportKind = Report['kind'];

/** When and by what it was measured, as far as the report says. */
export interface Origin {
  /** ISO 8601, UTC. */
  readonly measuredAt: string | null;
  /** ISO 8601, UTC: until when its producer lets it be relied on. */
  readonly validUntil: string | null;
  readonly tool: string | null;
  readonly toolVersion: string | null;
  /** Version or date of the advisory database that was asked. */
  readonly database: string | null;
}

interface Measured {
  /** Absent where the format says nothing of it. */
  readonly origin?: Origin;
}

/** `total` is the sum of the four others; a suite that could not run at all counts as one errored test. */
export interface TestReport extends Measured {
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

export interface CoverageReport extends Measured {
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

/** Worst first. `unknown`: the tool gives none; it is judged like `high`. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info', 'unknown'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What an audit or a scan found. */
export interface SecurityReport extends Measured {
  readonly kind: 'security';
  readonly findings: readonly SecurityFinding[];
  /** Packages, files or rules that were looked at; null where the format does not say. Zero is inconclusive. */
  readonly scanned: number | null;
  /** What the tool could not look at; makes the check inconclusive. */
  readonly unaudited: readonly { readonly name: string; readonly reason: string }[];
  /** Findings that the tool itself was told to pass over (SARIF suppressions, VEX); they are told. */
  readonly suppressed: number;
}

export interface SecurityFinding {
  /** The best known name: GHSA, CVE, PYSEC, else the tool's rule. */
  readonly id: string;
  readonly aliases: readonly string[];
  readonly severity: Severity;
  readonly title: string;
  /** Package ecosystem in lower case (`npm`, `pypi`, `deb`); null for source findings. */
  readonly component: {
    readonly ecosystem: string | null;
    readonly name: string;
    readonly version: string | null;
  } | null;
  readonly file: string | null;
  /** 1-based. */
  readonly line: number | null;
  /** First version without it; null where there is none or it is not known. */
  readonly fixedIn: string | null;
  readonly url: string | null;
  /** What the tool says mends it, as a command; absent where it says nothing. */
  readonly fix?: string;
}

/** A list of components that names no vulnerabilities (SPDX, CycloneDX without them). It proves no security. */
export interface InventoryReport extends Measured {
  readonly kind: 'inventory';
  readonly components: number;
}

export interface PerformanceReport extends Measured {
  readonly kind: 'performance';
  readonly scenarios: readonly LoadScenario[];
}

/** One kind of request under load. */
export interface LoadScenario {
  readonly name: string;
  /** All that were sent and measured, with failed and timed out ones. */
  readonly requests: number;
  /** No success: other status than 2xx or 3xx, or a broken connection. Without time-outs. */
  readonly failed: number;
  readonly timeouts: number;
  /** Milliseconds; null where the report has no such percentile and no samples to work it out from. */
  readonly p95: number | null;
  /** Milliseconds by percentile or statistic (`p50`, `p99`, `max`), as far as reported. */
  readonly latencies: Readonly<Record<string, number>>;
  /** Whether `p95` covers requests that failed or timed out too. autocannon drops time-outs. */
  readonly coversFailures: boolean;
  /** Thresholds of the tool's own that it says failed. */
  readonly brokenThresholds: readonly string[];
}

export interface LighthouseReport extends Measured {
  readonly kind: 'lighthouse';
  readonly url: string;
  /** 0 to 100 by category id; null where Lighthouse could not score it. */
  readonly scores: Readonly<Record<string, number | null>>;
  /** Audits that failed, of any category. */
  readonly failed: readonly { readonly category: string; readonly id: string; readonly title: string }[];
  /** What it says of the run itself, e.g. that the page was redirected. */
  readonly warnings: readonly string[];
}

/** What axe found in pages. */
export interface AccessibilityReport extends Measured {
  readonly kind: 'accessibility';
  readonly pages: readonly AccessibilityPage[];
}

export interface AccessibilityPage {
  readonly url: string;
  readonly violations: readonly AccessibilityRule[];
  /** What axe could not decide: no pass. */
  readonly incomplete: readonly AccessibilityRule[];
  /** Ids of rules that ran and found no fault. */
  readonly passed: readonly AccessibilityRule[];
  /** Rules that ran and had nothing to look at. */
  readonly inapplicable: readonly AccessibilityRule[];
}

export interface AccessibilityRule {
  readonly id: string;
  readonly title: string;
  readonly impact: 'critical' | 'serious' | 'moderate' | 'minor' | null;
  /** Success criteria of WCAG as numbers, e.g. `1.4.3`, from tags such as `wcag143`. */
  readonly criteria: readonly string[];
  readonly tags: readonly string[];
  readonly url: string | null;
  readonly nodes: readonly { readonly target: string; readonly html: string; readonly summary: string }[];
}

/** What persons judged: criteria that no tool can test, and results that axe could not decide. */
export interface SignOffReport extends Measured {
  readonly kind: 'signoff';
  readonly criteria: Readonly<Record<string, SignOff>>;
  /** By fingerprint of the finding. */
  readonly triaged: Readonly<Record<string, SignOff>>;
}

export interface SignOff {
  readonly result: 'met' | 'notMet' | 'notApplicable';
  readonly by: string;
  /** `YYYY-MM-DD`. */
  readonly on: string;
  readonly note: string;
}

/** What Django says of its migrations. */
export interface MigrationReport extends Measured {
  readonly kind: 'migrations';
  /** Models of the project that have a table. */
  readonly models: number;
  /** Changes of models that no migration has, one line each. */
  readonly missing: readonly string[];
  readonly migrations: readonly Migration[];
}

export interface Migration {
  /** `tickets.0004_reference_required`. */
  readonly name: string;
  /** Relative to the project. */
  readonly file: string | null;
  /** Migrations that it stands for, where it is a squashed one. */
  readonly replaces: readonly string[];
  /** Operations that can't be reversed, as Django says. */
  readonly irreversible: readonly string[];
  /** Operations that a release which does not know them can't work with: removed, renamed or narrowed columns and tables. */
  readonly incompatible: readonly string[];
}

export type ReportProblem =
  | 'empty'
  | 'truncated'
  | 'malformed'
  | 'contradictory'
  /** No known format: passed over, unless somebody named the file. */
  | 'unsupported'
  /** A known format in a version that is not. */
  | 'unknownVersion'
  /** The tool says that it failed. */
  | 'toolError'
  | 'hostile'
  | 'tooLarge';

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
