/**
 * Rows as aligned text, numbers to the right.
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
export function table(head, rows) {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const isNumber = head.map((_, column) => rows.every((row) => /^[≥≤]?\s?[\d–-]/.test(row[column] ?? '–')));
  const line = (row) =>
    row
      .map((cell, column) =>
        isNumber[column] && column > 0 ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
      )
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

/** @param {number} milliseconds */
export function duration(milliseconds) {
  if (milliseconds < 1_000) return `${milliseconds.toFixed(0)} ms`;
  return milliseconds < 100_000 ? `${(milliseconds / 1_000).toFixed(2)} s` : `${(milliseconds / 1_000).toFixed(0)} s`;
}

/** @param {number} value */
export function factor(value) {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(1)}×`;
}

/** With commas, as in 50,000. @param {number} value */
export function count(value) {
  return value.toLocaleString('en-US');
}
