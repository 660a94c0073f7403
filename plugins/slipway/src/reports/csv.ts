import { parse } from 'papaparse';
import type { ReportInput } from './input';
import { ReportError } from './report';

/** No row of a load test is longer; the parser takes one with millions of fields apart before anybody can stop it. */
const MAX_LINE = 1_000_000;

/** A row by column name. */
export type CsvRow = (column: string) => string;

/** Names in the first line, where every wanted one is among them; null for anything else. Cheap. */
export function csvHeader(input: ReportInput, wanted: readonly string[]): readonly string[] | null {
  if (input.syntax !== 'text') return null;
  const end = input.text.indexOf('\n');
  const line = (end < 0 ? input.text : input.text.slice(0, end)).slice(0, 4_000);
  const names = line.trim().split(',').map(unquoted);
  return wanted.every((name) => names.includes(name)) ? names : null;
}

function unquoted(field: string): string {
  return /^"(.*)"$/.exec(field)?.[1] ?? field;
}

/**
 * Walks the rows below the header, one at a time, so that a large file costs no more memory than its text.
 * @throws {ReportError} for a row that has not as many fields as the header, or a quote without an end.
 */
export function walkCsv(text: string, header: readonly string[], onRow: (row: CsvRow, line: number) => void): void {
  refuseLongLines(text);
  const columns = new Map(header.map((name, index) => [name, index]));
  let rows = 0;
  parse<string[]>(text, {
    delimiter: ',',
    skipEmptyLines: true,
    step: ({ data, errors, meta }) => {
      rows += 1;
      const [problem] = errors;
      if (problem) throw new ReportError('truncated', `row ${rows}: ${problem.message}`);
      if (rows === 1) return;
      if (data.length !== header.length) {
        const last = meta.cursor >= text.trimEnd().length;
        throw new ReportError(
          last ? 'truncated' : 'malformed',
          `row ${rows} has ${data.length} fields, the header ${header.length}${last ? ': the file breaks off' : ''}`,
        );
      }
      onRow((column) => data[columns.get(column) ?? -1] ?? '', rows);
    },
  });
}

function refuseLongLines(text: string): void {
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    if (end - at > MAX_LINE) throw new ReportError('hostile', `has a line of more than ${MAX_LINE} characters`);
    at = end + 1;
  }
}
