import { DEFAULT_WIDTH, painter, type RenderOptions } from './style';
import { pad, stringWidth, truncate } from './text-width';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Whether it may be cut when the table is too wide; default true. */
  readonly shrink?: boolean;
}

const GAP = '  ';
const MIN_COLUMN = 6;

/**
 * Lines of a plain, aligned table; without titles when every column's is empty.
 * @param rows cells of one line each, already neutralised; they may hold colours
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: RenderOptions,
): string[] {
  const paint = painter(options);
  const widths = fit(columns, naturalWidths(columns, rows), options.width ?? DEFAULT_WIDTH);
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, index) => pad(truncate(cells[index] ?? '', widths[index] ?? 0), widths[index] ?? 0, align))
      .join(GAP)
      .trimEnd();
  const titled = columns.some(({ title }) => title !== '');
  return [...(titled ? [line(columns.map(({ title }) => paint('dim', title)))] : []), ...rows.map(line)];
}

function naturalWidths(columns: readonly Column[], rows: readonly (readonly string[])[]): number[] {
  return columns.map(({ title }, index) =>
    rows.reduce((widest, row) => Math.max(widest, stringWidth(row[index] ?? '')), stringWidth(title)),
  );
}

/** Takes columns from the widest one that may shrink until the table fits, or nothing is left to take. */
function fit(columns: readonly Column[], widths: readonly number[], available: number): number[] {
  const result = [...widths];
  let excess = result.reduce((sum, width) => sum + width, GAP.length * (columns.length - 1)) - available;
  while (excess > 0) {
    let widest = -1;
    columns.forEach(({ shrink }, index) => {
      const width = result[index] ?? 0;
      if (shrink !== false && width > MIN_COLUMN && width > (result[widest] ?? 0)) widest = index;
    });
    if (widest < 0) break;
    result[widest] = (result[widest] ?? 0) - 1;
    excess -= 1;
  }
  return result;
}
