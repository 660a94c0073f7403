import type { CoverageFile, CoverageReport, Share } from './report';

/**
 * Collects lines and branches of one file; the same line or branch seen twice counts once, covered if it ever was. Reports can hold
 * ten million lines, so lines are kept as plain numbers, sorted once all are there.
 */
export class FileCoverage {
  /** `2 * line`, and one more where it was covered. */
  readonly #lines: number[] = [];
  #sorted = true;
  readonly #branches = new Map<string, Share>();

  constructor(readonly path: string) {}

  /** @param number below 2 ** 30 */
  line(number: number, covered: boolean): void {
    const entry = 2 * number + (covered ? 1 : 0);
    const last = this.#lines.at(-1);
    if (last !== undefined && entry >> 1 <= last >> 1) this.#sorted = false;
    this.#lines.push(entry);
  }

  /** @param key what tells this branch from others of the file */
  branch(key: string, share: Share): void {
    const known = this.#branches.get(key);
    if (known === undefined || share.covered > known.covered) this.#branches.set(key, share);
  }

  get lines(): Share {
    const entries = this.#merged();
    let covered = 0;
    for (const entry of entries) covered += entry & 1;
    return { covered, total: entries.length };
  }

  get branches(): Share {
    return sum(this.#branches.values());
  }

  add(other: FileCoverage): void {
    for (const entry of other.#lines) this.line(entry >> 1, (entry & 1) === 1);
    for (const [key, share] of other.#branches) this.branch(key, share);
  }

  build(path = this.path): CoverageFile {
    const coveredLines: number[] = [];
    const uncovered: number[] = [];
    for (const entry of this.#merged()) ((entry & 1) === 1 ? coveredLines : uncovered).push(entry >> 1);
    return {
      path,
      covered: coveredLines.length,
      total: coveredLines.length + uncovered.length,
      uncovered,
      coveredLines,
    };
  }

  /** Ascending, each line once. */
  #merged(): readonly number[] {
    if (this.#sorted) return this.#lines;
    const ascending = Int32Array.from(this.#lines).sort();
    let length = 0;
    for (const entry of ascending) {
      // Of one line, the entry that is covered comes last.
      const same = length > 0 && (this.#lines[length - 1] ?? 0) >> 1 === entry >> 1;
      this.#lines[same ? length - 1 : length] = entry;
      if (!same) length += 1;
    }
    this.#lines.length = length;
    this.#sorted = true;
    return this.#lines;
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
