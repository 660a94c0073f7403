import { ReportError, type CoverageFile, type CoverageReport, type Share } from './report';

/** Reports of more files than this are no real ones, and would take too much memory. */
const MAX_FILES = 200_000;
/** Branches of a report that are remembered one by one. Of one with more nobody knows how many are covered. */
const MAX_BRANCHES = 500_000;

/** How many branches of a report may still be remembered; below zero where they were too many. */
export interface BranchBudget {
  left: number;
}

function branchBudget(): BranchBudget {
  return { left: MAX_BRANCHES };
}

/**
 * Collects lines and branches of one file; the same line or branch seen twice counts once, covered if it ever was. Reports can hold
 * ten million lines, so lines are kept as plain numbers, and sorted once all are there.
 */
export class FileCoverage {
  /** `2 * line`, and one more where it was covered. */
  #lines = new Int32Array(16);
  #length = 0;
  #sorted = true;
  #branches: Map<string | number, Share> | null = null;

  constructor(
    readonly path: string,
    private readonly budget: BranchBudget = branchBudget(),
  ) {}

  /** @param number below 2 ** 30 */
  line(number: number, covered: boolean): void {
    this.#push(2 * number + (covered ? 1 : 0));
  }

  /** @param key what tells this branch from others of the file */
  branch(key: string | number, share: Share): void {
    const known = this.#branches?.get(key);
    if (known === undefined) {
      this.budget.left -= 1;
      if (this.budget.left < 0) return;
    }
    if (known === undefined || share.covered > known.covered) (this.#branches ??= new Map()).set(key, share);
  }

  get lines(): Share {
    this.#sort();
    let covered = 0;
    for (let index = 0; index < this.#length; index += 1) covered += this.#entry(index) & 1;
    return { covered, total: this.#length };
  }

  get branches(): Share {
    return sum(this.#branches?.values() ?? []);
  }

  add(other: FileCoverage): void {
    for (let index = 0; index < other.#length; index += 1) this.#push(other.#entry(index));
    for (const [key, share] of other.#branches ?? []) this.branch(key, share);
  }

  build(path = this.path): CoverageFile {
    const { covered, total } = this.lines;
    // Of their exact size from the start: growing lists take twice the memory.
    const coveredLines = new Array<number>(covered);
    const uncovered = new Array<number>(total - covered);
    let [hits, misses] = [0, 0];
    for (let index = 0; index < total; index += 1) {
      const entry = this.#entry(index);
      if ((entry & 1) === 1) coveredLines[hits++] = entry >> 1;
      else uncovered[misses++] = entry >> 1;
    }
    return { path, covered, total, uncovered, coveredLines };
  }

  #entry(index: number): number {
    return this.#lines[index] ?? 0;
  }

  #push(entry: number): void {
    if (this.#length > 0 && entry >> 1 <= this.#entry(this.#length - 1) >> 1) this.#sorted = false;
    if (this.#length === this.#lines.length) {
      const more = new Int32Array(Math.ceil(this.#lines.length * 1.5));
      more.set(this.#lines);
      this.#lines = more;
    }
    this.#lines[this.#length++] = entry;
  }

  /** Ascending, each line once. */
  #sort(): void {
    if (this.#sorted) return;
    const entries = this.#lines.subarray(0, this.#length).sort();
    let length = 0;
    for (const entry of entries) {
      // Of one line, the entry that is covered comes last.
      const same = length > 0 && this.#entry(length - 1) >> 1 === entry >> 1;
      this.#lines[same ? length - 1 : length++] = entry;
    }
    this.#length = length;
    this.#sorted = true;
  }
}

/** Files of one or several reports, by path. */
export class CoverageBuilder {
  readonly #files = new Map<string, FileCoverage>();
  readonly #budget = branchBudget();

  /** There are too many branches to say how many are covered: no more of them need be read. */
  get branchesLost(): boolean {
    return this.#budget.left < 0;
  }

  /** For a file that is to be taken over once it is whole. */
  newFile(path: string): FileCoverage {
    return new FileCoverage(path, this.#budget);
  }

  file(path: string): FileCoverage {
    const known = this.#files.get(path);
    if (known) return known;
    const file = this.newFile(path);
    this.#keep(file);
    return file;
  }

  /** Takes a file over: the caller doesn't add to it any more. */
  add(file: FileCoverage): void {
    const known = this.#files.get(file.path);
    if (known) known.add(file);
    else this.#keep(file);
  }

  /** @param rename gives files their final path; by default it stays */
  build(options: { readonly branches: boolean; readonly rename?: (path: string) => string }): CoverageReport {
    const branches = sum(Array.from(this.#files.values(), (file) => file.branches));
    const known = options.branches && this.#budget.left >= 0 && branches.total > 0;
    const files = Array.from(this.#files.values(), (file) => file.build(options.rename?.(file.path)));
    return { kind: 'coverage', lines: sum(files), branches: known ? branches : null, files };
  }

  #keep(file: FileCoverage): void {
    if (this.#files.size === MAX_FILES) throw new ReportError('tooLarge', `names more than ${MAX_FILES} files`);
    this.#files.set(file.path, file);
  }
}

export function sum(shares: Iterable<Share>): Share {
  let covered = 0;
  let total = 0;
  for (const share of shares) {
    covered += share.covered;
    total += share.total;
  }
  return { covered, total };
}
