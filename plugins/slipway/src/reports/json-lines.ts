import { parseJson } from './json';
import { ReportError } from './report';

/**
 * The first of several JSON objects that stand one on a line each; null where the text is anything else. Only the first line
 * is looked at: a document that spans lines does not end on its first one.
 */
export function firstJsonLine(text: string): unknown {
  const start = text.search(/\S/);
  const end = text.indexOf('\n', start);
  if (end < 0 || text[start] !== '{' || text.slice(end).trim() === '') return null;
  const line = text.slice(start, end).trim();
  if (!line.endsWith('}')) return null;
  try {
    return parseJson(line);
  } catch (error) {
    if (error instanceof ReportError) return null;
    throw error;
  }
}

/**
 * Every line's value, one after the other.
 * @throws {ReportError} at a line that is not one whole JSON value.
 */
export function* jsonLines(text: string): Generator<unknown> {
  let number = 0;
  for (let at = 0; at < text.length;) {
    const found = text.indexOf('\n', at);
    const end = found < 0 ? text.length : found;
    const line = text.slice(at, end).trim();
    at = end + 1;
    number += 1;
    if (line === '') continue;
    try {
      yield parseJson(line);
    } catch (error) {
      if (!(error instanceof ReportError)) throw error;
      throw new ReportError(error.problem, `line ${number}: ${error.message}`);
    }
  }
}
