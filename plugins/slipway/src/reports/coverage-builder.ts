import type { CoverageFile, CoverageReport, Share } from './report';

/** Collects lines and branches of one file; the same line or branch seen twice counts once, covered if it ever was. */
export class FileCoverage {
  readonly #lines = new Map<number, boolean>();
  readonly #branches = new Map<string, Share>();
  #covered = 0;

  constructor(readonly path: string) {}

  line(number: number, covered: boolean): void {
    const known = this.#lines.get(number);
    if (known === undefined || (covered && !known)) {
      this.#lines.set(number, covered);
      if (covered) this.#covered += 1;
    }
  }

  /** @param key what tells this branch from others of the file */
  branch(key: string, share: Share): void {
    const known = this.#branches.get(key);
    if (known === undefined || share.covered > known.covered) this.#branches.set(key, share);
  }

  get lines(): Share {
    return { covered: this.#covered, total: this.#lines.size };
  }

  get branches(): Share {
    return sum(this.#branches.values());
  }

  add(other: FileCoverage): void {
    for (const [line, covered] of other.#lines) this.line(line, covered);
    for (const [key, share] of other.#branches) this.branch(key, share);
  }

  build(path = this.path): CoverageFile {
    const coveredLines: number[] = [];
    const uncovered: number[] = [];
    for (const [line, hit] of this.#lines) (hit ? coveredLines : uncovered).push(line);
    coveredLines.sort((a, b) => a - b);
    uncovered.sort((a, b) => a - b);
    return { path, ...this.lines, uncovered, coveredLines };
  }
}

/** Files of one or several reports, by path. */
export class CoverageBuilder {
  readonly #files = new Map<string, FileCoverage>();

  file(path: string): FileCoverage {
    const known = this.#files.get(path);
    if (known) return known;
    const file = new FileCoverage(path);
    this.#files.set(path, file);
    return file;
  }

  /** Takes a file over: the caller doesn't add to it any more. */
  add(file: FileCoverage): void {
    const known = this.#files.get(file.path);
    if (known) known.add(file);
    else this.#files.set(file.path, file);
  }

  /** @param rename gives files their final path; by default it stays */
  build(options: { readonly branches: boolean; readonly rename?: (path: string) => string }): CoverageReport {
    const files = Array.from(this.#files.values(), (file) => file.build(options.rename?.(file.path)));
    const branches = options.branches ? sum(Array.from(this.#files.values(), (file) => file.branches)) : null;
    return { kind: 'coverage', lines: sum(files), branches: branches?.total === 0 ? null : branches, files };
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
