import { CoverageBuilder, sum } from '../reports/coverage-builder';
import type { CoverageFile, CoverageReport, Share } from '../reports/report';

/**
 * Several runs as one: a line is covered when any run covered it. Files of which a report has sums only can't be
 * merged; they must agree with the other reports.
 */
export function mergeCoverage(reports: readonly CoverageReport[]): CoverageReport | { readonly contradiction: string } {
  const [only] = reports;
  if (reports.length === 1 && only) return only;
  const byLine = new CoverageBuilder();
  const sums = new Map<string, CoverageFile>();
  for (const report of reports) {
    if (report.files.length === 0 && report.lines.total > 0) {
      return { contradiction: 'one of several coverage reports has a total without files, so they can not be merged' };
    }
    for (const file of report.files) {
      if (file.coveredLines === null) {
        const known = sums.get(file.path);
        if (known && !sameShare(known, file)) return differ(known, file);
        sums.set(file.path, file);
        continue;
      }
      const merged = byLine.file(file.path);
      for (const line of file.coveredLines) merged.line(line, true);
      for (const line of file.uncovered) merged.line(line, false);
    }
  }
  const files = new Map(byLine.build({ branches: false }).files.map((file) => [file.path, file]));
  for (const [path, file] of sums) {
    const known = files.get(path);
    if (known && !sameShare(known, file)) return differ(known, file);
    if (!known) files.set(path, file);
  }
  const all = [...files.values()];
  return { kind: 'coverage', lines: sum(all), branches: mergeBranches(reports), files: all };
}

/** Reports don't say which branches of a file were covered, so only reports of different files can be added up. */
function mergeBranches(reports: readonly CoverageReport[]): Share | null {
  const paths = reports.flatMap(({ files }) => files.map(({ path }) => path));
  const shares = reports.flatMap(({ branches }) => (branches === null ? [] : [branches]));
  return new Set(paths).size === paths.length && shares.length === reports.length ? sum(shares) : null;
}

function sameShare(a: CoverageFile, b: CoverageFile): boolean {
  return a.covered === b.covered && a.total === b.total;
}

function differ(a: CoverageFile, b: CoverageFile): { readonly contradiction: string } {
  return {
    contradiction: `coverage reports disagree on ${a.path}: ${a.covered} of ${a.total} lines and ${b.covered} of ${b.total}`,
  };
}
