import type { z } from 'zod';
import { countMembers, scanJson } from './json-structure';
import { MAX_REPORT_BYTES, ReportError } from './report';

/** Bytes that a report may take: its file, its text, and what is parsed of it. Node itself and what readers make of it come on top. */
const MAX_MEMORY = 3.9 * MAX_REPORT_BYTES;

/**
 * @throws {ReportError} when it is not whole JSON, nests too deep to be a report, would take too much memory, or has a key twice:
 *   then nobody knows which value counts, and tools differ in it.
 */
export function parseJson(text: string): unknown {
  const { members, bytes } = scanJson(text);
  // The file, and its text: Node keeps texts with letters beyond Latin-1 in two bytes each.
  const needed = bytes + text.length * (/[^\0-\xff]/.test(text) ? 4 : 2);
  if (needed > MAX_MEMORY) {
    const megabytes = Math.ceil(needed / 1024 / 1024);
    throw new ReportError('tooLarge', `would take some ${megabytes} MB of memory, more than a report may; split it`);
  }
  const value = parse(text);
  if (countMembers(value) !== members) throw new ReportError('contradictory', 'has an object with the same key twice');
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ReportError(
      breaksOff(error.message, text) ? 'truncated' : 'malformed',
      `malformed JSON: ${error.message.slice(0, 200)}`,
    );
  }
}

/**
 * Checks a value against the part of a format that is counted on.
 * @throws {ReportError} naming the first place that differs.
 */
export function parseShape<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const place = issue?.path.length ? ` at ${issue.path.map(String).join('.').slice(0, 200)}` : '';
  throw new ReportError('malformed', `not ${what}${place}: ${issue?.message ?? 'unexpected shape'}`);
}

function breaksOff(message: string, text: string): boolean {
  if (/Unexpected end|Unterminated/.test(message)) return true;
  const position = /at position (\d+)/.exec(message)?.[1];
  return position !== undefined && Number(position) >= text.trimEnd().length;
}
