import type { CoverageFile, CoverageReport, Share } from './report';

/** Collects lines and branches of one file; the same line or branch seen twice counts once, covered if it ever was. */
export class FileCoverage {
  readonly #lines = new Map<number, boolean>();
  readonly #branches = new Map<string, Share>();

  constructor(readonly path: string) {}

  line(number: number, covered: boolean): void {
    if (covered || !this.#lines.has(number)) this.#lines.set(number, covered);
  }

  /** @param key what tells this branch from others of the file */
  branch(key: string, share: Share): void {
    const known = this.#branches.get(key);
    if (known === undefined || share.covered > known.covered) this.#branches.set(key, share);
  }

  copyBranches(into: FileCoverage): void {
    for (const [key, share] of this.#branches) into.branch(key, share);
  }

  branches(): Share {
    return sum(this.#branches.values());
  }

  build(): CoverageFile {
    const covered: number[] = [];
    const uncovered: number[] = [];
    for (const [line, hit] of this.#lines) (hit ? covered : uncovered).push(line);
    covered.sort((a, b) => a - b);
    uncovered.sort((a, b) => a - b);
    return { path: this.path, covered: covered.length, total: this.#lines.size, uncovered, coveredLines: covered };
  }
}

export class CoverageBuilder {
  readonly #files = new Map<string, FileCoverage>();

  file(path: string): FileCoverage {
    const known = this.#files.get(path);
    if (known) return known;
    const file = new FileCoverage(path);
    this.#files.set(path, file);
    return file;
  }

  build(options: { readonly branches: boolean }): CoverageReport {
    const files = Array.from(this.#files.values(), (file) => file.build());
    const branches = options.branches ? sum(Array.from(this.#files.values(), (file) => file.branches())) : null;
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
