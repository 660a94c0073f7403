/** A file under test, for samples of all coverage formats: the last lines are the ones that no test ran. */
export interface CoveredFile {
  readonly name: string;
  readonly covered: number;
  readonly total: number;
}

export const GOOD = [
  { name: 'list.ts', covered: 18, total: 20 },
  { name: 'detail.ts', covered: 9, total: 10 },
] as const satisfies readonly CoveredFile[];
/** Two of them alone are far below any usual limit. */
export const POOR = [
  { name: 'old-a.ts', covered: 4, total: 30 },
  { name: 'old-b.ts', covered: 3, total: 31 },
  { name: 'old-c.ts', covered: 5, total: 32 },
] as const satisfies readonly CoveredFile[];

export function covered(files: readonly CoveredFile[]): number {
  return files.reduce((sum, file) => sum + file.covered, 0);
}

export function total(files: readonly CoveredFile[]): number {
  return files.reduce((sum, file) => sum + file.total, 0);
}

/** One text for each line of a file, 1-based. */
export function lines(file: CoveredFile, show: (line: number, covered: boolean) => string, separator = ''): string {
  return Array.from({ length: file.total }, (_, index) => show(index + 1, index < file.covered)).join(separator);
}
