import { SaxesParser } from 'saxes';
import { MAX_DEPTH, ReportError } from './report';

/** Real elements have a dozen. */
const MAX_ATTRIBUTES = 1_000;

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
    parser.write(text);
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
