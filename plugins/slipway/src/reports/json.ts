import type { z } from 'zod';
import { MAX_DEPTH, ReportError } from './report';

/** @throws {ReportError} when it is not whole JSON, or nests too deep to be a report. */
export function parseJson(text: string): unknown {
  refuseDeepNesting(text);
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

/** Counted before parsing, because the parser takes memory per level. Brackets inside strings don't count. */
function refuseDeepNesting(text: string): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 0x5c) i += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) {
      inString = true;
    } else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > MAX_DEPTH) throw new ReportError('hostile', `nests deeper than ${MAX_DEPTH} values`);
    } else if (code === 0x7d || code === 0x5d) {
      depth -= 1;
    }
  }
}
