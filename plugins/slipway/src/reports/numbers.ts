import { ReportError } from './report';

const COUNT = /^\d{1,15}$/;

/**
 * A count as reports write it: digits only.
 * @param where named in the error, e.g. `failures of suite "api"`
 */
export function parseCount(text: string, where: string): number {
  if (COUNT.test(text)) return Number(text);
  if (/^-\d+$/.test(text)) throw new ReportError('contradictory', `${where} is negative: ${text}`);
  throw new ReportError('malformed', `${where} is not a count: ${JSON.stringify(text.slice(0, 40))}`);
}

/** No source file has more lines; a coverage report with more is no real one. */
const MAX_LINE_NUMBER = 9_999_999;

/** A line number: a count that a source file can have. */
export function parseLine(text: string, where: string): number {
  const line = parseCount(text, where);
  if (line > MAX_LINE_NUMBER) throw new ReportError('hostile', `${where} is no line of a file: ${text}`);
  return line;
}

/** How often a line ran. Some writers go beyond what a double counts exactly; only "at all or not" matters here. */
export function parseHits(text: string, where: string): boolean {
  if (/^\d+$/.test(text)) return /[1-9]/.test(text);
  if (/^-\d+$/.test(text)) throw new ReportError('contradictory', `${where} is negative: ${text.slice(0, 40)}`);
  throw new ReportError('malformed', `${where} is not a count: ${JSON.stringify(text.slice(0, 40))}`);
}

/** Seconds, also with thousands separators (`1,234.5`, as Surefire writes); null for anything else: no verdict rests on it. */
export function parseSeconds(text: string | undefined): number | null {
  if (text === undefined || text.length > 30 || !/^\d[\d,]*(\.\d+)?(e-?\d+)?$|^\.\d+$/i.test(text)) return null;
  const seconds = Number(text.replaceAll(',', ''));
  return Number.isFinite(seconds) ? seconds : null;
}
