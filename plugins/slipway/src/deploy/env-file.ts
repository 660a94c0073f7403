/** A line of a file of variables that is not `NAME=value`. */
export class EnvFileError extends Error {
  override readonly name = 'EnvFileError';
  constructor(
    readonly path: string,
    /** 1-based. */
    readonly line: number,
    problem: string,
  ) {
    super(`${path}:${line}: ${problem}`);
  }
}

const ASSIGNMENT = /^(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$' };

/**
 * Reads a file of variables the way Compose does: `NAME=value` or `export NAME=value`, `#` comments, single quotes (literal),
 * double quotes (escapes; may span lines), values that refer to variables above them.
 * Messages never hold a value.
 *
 * @param known variables of earlier files, which values may refer to.
 * @throws {EnvFileError} on a line that is no assignment, or a quote that is never closed.
 */
export function parseEnvFile(
  path: string,
  content: string,
  known: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const text = content.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const variables = new Map<string, string>();
  const lookUp = (name: string): string | undefined => variables.get(name) ?? known.get(name);
  let position = 0;
  let line = 1;
  while (position < text.length) {
    const end = endOfLine(text, position);
    const start = position + (/^[ \t]*/.exec(text.slice(position, end))?.[0].length ?? 0);
    if (start === end || text[start] === '#') {
      position = end + 1;
      line += 1;
      continue;
    }
    const assignment = ASSIGNMENT.exec(text.slice(start, end));
    const name = assignment?.[1];
    if (assignment === null || name === undefined) {
      throw new EnvFileError(path, line, 'expected NAME=value, or a comment that starts with #');
    }
    const value = readValue(text, start + assignment[0].length, end);
    if (value === null) throw new EnvFileError(path, line, `the quote that opens the value of ${name} is never closed`);
    const rest = text.slice(value.end, endOfLine(text, value.end));
    if (!/^[ \t]*(?:#.*)?$/.test(rest))
      throw new EnvFileError(path, line, `something follows the quoted value of ${name}`);
    variables.set(name, value.literal ? value.text : expand(value.text, lookUp));
    line += text.slice(position, value.end).split('\n').length;
    position = endOfLine(text, value.end) + 1;
  }
  return variables;
}

interface RawValue {
  readonly text: string;
  /** Offset behind the value. */
  readonly end: number;
  readonly literal: boolean;
}

function readValue(text: string, start: number, lineEnd: number): RawValue | null {
  const quote = text[start];
  if (quote === "'") {
    const close = text.indexOf("'", start + 1);
    return close < 0 ? null : { text: text.slice(start + 1, close), end: close + 1, literal: true };
  }
  if (quote === '"') return readDoubleQuoted(text, start + 1);
  const raw = text.slice(start, lineEnd);
  // A # inside an unquoted value belongs to it; only after white space (or at once) does it start a comment.
  const comment = /(?:^|[ \t])#/.exec(raw);
  return { text: (comment ? raw.slice(0, comment.index) : raw).trimEnd(), end: lineEnd, literal: false };
}

function readDoubleQuoted(text: string, start: number): RawValue | null {
  let value = '';
  for (let index = start; index < text.length; index += 1) {
    const character = text[index] as string;
    if (character === '"') return { text: value, end: index + 1, literal: false };
    if (character === '\\' && index + 1 < text.length) {
      const next = text[index + 1] as string;
      // An escaped dollar stays escaped until expansion has passed over it.
      value += next === '$' ? '\\$' : (ESCAPES[next] ?? `\\${next}`);
      index += 1;
    } else value += character;
  }
  return null;
}

const REFERENCE = /\\\$|\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?-)([^}]*))?\}|\$([A-Za-z_][A-Za-z0-9_]*)/g;

function expand(text: string, lookUp: (name: string) => string | undefined): string {
  return text.replace(
    REFERENCE,
    (_whole: string, braced?: string, operator?: string, fallback?: string, plain?: string) => {
      const name = braced ?? plain;
      if (name === undefined) return '$';
      const value = lookUp(name);
      const missing = value === undefined || (operator === ':-' && value === '');
      return missing ? (fallback ?? '') : value;
    },
  );
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline < 0 ? text.length : newline;
}
