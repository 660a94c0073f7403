import { decodeReport } from './decode';
import { parseJson } from './json';
import { firstJsonLine } from './json-lines';
import { ReportError } from './report';
import type { Report, ReportKind } from './report';
import { xmlRoot } from './xml';

export { isRecord } from '../config/is-record';

/** A report's content, as far as every format shares it. */
export type ReportInput =
  | { readonly syntax: 'xml'; readonly root: string; readonly text: string }
  | { readonly syntax: 'json'; readonly value: unknown }
  /** Several JSON values, one a line: `first` is the first of them, {@link jsonLines} gives all. */
  | { readonly syntax: 'jsonLines'; readonly first: unknown; readonly text: string }
  | { readonly syntax: 'text'; readonly text: string };

/** One report format. A new one is a file that exports this, and a line in `registry.ts`. */
export interface ReportReader<F extends string = string> {
  readonly format: F;
  readonly kind: ReportKind;
  /** For people, e.g. `JUnit XML`. */
  readonly title: string;
  /** Whether the content claims to be of this format. A cheap look; `read` does the checking. */
  recognises(input: ReportInput): boolean;
  /** @throws {ReportError} unless every number that counts is there and agrees. */
  read(input: ReportInput): Report;
}

/** @throws {ReportError} when the content is empty, too large, not text, or JSON or XML that has no end. */
export function prepare(content: string | Uint8Array): ReportInput {
  const text = decodeReport(content);
  const start = text.search(/\S/);
  if (start < 0) throw new ReportError('empty', 'the file is empty');
  const first = text[start];
  if (first === '<') {
    const root = xmlRoot(text);
    if (root === null) throw new ReportError('truncated', 'breaks off before its first element');
    return { syntax: 'xml', root, text };
  }
  if (first === '{' || first === '[') {
    const firstOfLines = firstJsonLine(text);
    return firstOfLines === null
      ? { syntax: 'json', value: parseJson(text) }
      : { syntax: 'jsonLines', first: firstOfLines, text };
  }
  if (/^(null|true|false|["\d-])/.test(text.slice(start, start + 5))) {
    throw new ReportError('unsupported', 'a single JSON value, not a report');
  }
  return { syntax: 'text', text };
}
