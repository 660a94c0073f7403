import { SaxesParser } from 'saxes';
import { MAX_DEPTH, ReportError } from './report';

/** Real elements have a dozen. */
const MAX_ATTRIBUTES = 1_000;

/** Characters that the parser gets at a time. */
const CHUNK = 2 * 1024 * 1024;

/** References and brackets that a document may have, and characters of one comment: the parser takes each of them apart by itself. */
const MAX_PIECES = 2_000_000;
const MAX_COMMENT = 1_000_000;

export type Attributes = Readonly<Record<string, string>>;

export interface XmlHandlers {
  open(name: string, attributes: Attributes): void;
  close(name: string): void;
  /** Character data and CDATA sections, in pieces. */
  text?(text: string): void;
}

/**
 * Walks a whole document, or throws: a document that breaks off, is not well-formed, nests too deep
 * or declares a DTD of its own never reaches its end quietly. An external DTD is only named, never loaded.
 * @throws {ReportError}
 */
export function walkXml(text: string, handlers: XmlHandlers): void {
  refuseCostly(text);
  const parser = new SaxesParser();
  let depth = 0;
  parser.on('doctype', (doctype) => {
    if (doctype.includes('[')) throw new ReportError('hostile', 'declares its own DTD; such reports are refused');
  });
  let attributes = 0;
  parser.on('opentagstart', () => {
    attributes = 0;
  });
  parser.on('attribute', () => {
    attributes += 1;
    if (attributes > MAX_ATTRIBUTES)
      throw new ReportError('hostile', `has more than ${MAX_ATTRIBUTES} attributes on one element`);
  });
  parser.on('opentag', (tag) => {
    depth += 1;
    if (depth > MAX_DEPTH) throw new ReportError('hostile', `nests deeper than ${MAX_DEPTH} elements`);
    handlers.open(tag.name, tag.attributes);
  });
  parser.on('closetag', (tag) => {
    depth -= 1;
    handlers.close(tag.name);
  });
  if (handlers.text) {
    const onText = handlers.text.bind(handlers);
    parser.on('text', onText);
    parser.on('cdata', onText);
  }
  let ending = false;
  try {
    for (let at = 0; at < text.length; at += CHUNK) {
      parser.write(text.slice(at, at + CHUNK));
      flatten(parser);
    }
    ending = true;
    parser.close();
  } catch (error) {
    if (error instanceof ReportError || !(error instanceof Error)) throw error;
    throw new ReportError(
      ending ? 'truncated' : 'malformed',
      `${ending ? 'breaks off' : 'malformed XML'} at line ${error.message}`,
    );
  }
}

/**
 * The parser adds up a text, a comment or a value from pieces, which in a hostile file are of one character, and Node keeps every piece
 * until somebody looks at the whole: more than 30 bytes for each character. So somebody looks.
 */
function flatten(parser: SaxesParser): void {
  for (const key of ['text', 'name', 'entity', 'doctype']) {
    const value: unknown = Reflect.get(parser, key);
    if (typeof value === 'string' && value.length > 0) value.charCodeAt(value.length - 1);
  }
}

/** Refuses what would cost the parser more than any real report does: found by searching alone, in one pass each. */
function refuseCostly(text: string): void {
  for (const character of ['&', ']', '?']) {
    let pieces = 0;
    for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) {
      pieces += 1;
      if (pieces > MAX_PIECES) throw new ReportError('tooLarge', `has more than ${MAX_PIECES} times "${character}"`);
    }
  }
  for (let at = text.indexOf('<!--'); at >= 0; at = text.indexOf('<!--', at)) {
    const end = text.indexOf('-->', at + 4);
    if ((end < 0 ? text.length : end) - at > MAX_COMMENT)
      throw new ReportError('tooLarge', 'has a comment of more than a megabyte');
    at = end < 0 ? text.length : end;
  }
}

/** Name of the root element, found without reading the document; null where there is none. */
export function xmlRoot(text: string): string | null {
  let at = 0;
  for (;;) {
    at = text.indexOf('<', at);
    if (at < 0) return null;
    if (text.startsWith('<!--', at)) at = after(text, '-->', at + 4);
    else if (text.startsWith('<?', at)) at = after(text, '?>', at + 2);
    else if (text.startsWith('<!', at)) at = after(text, '>', at + 2);
    // A name that reaches the end of the text may be the beginning of a longer one.
    else return /^<([^\s/>]{1,200})(?=[\s/>])/.exec(text.slice(at, at + 202))?.[1] ?? null;
    if (at < 0) return null;
  }
}

function after(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from);
  return at < 0 ? -1 : at + end.length;
}
