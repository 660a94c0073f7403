import { MAX_REPORT_BYTES, ReportError } from './report';

/** Encodings that XML reports declare in practice, besides UTF-8 and UTF-16. */
const DECLARED = /^<\?xml[^>]{0,100}?encoding=["']([A-Za-z0-9._-]{1,40})["']/;
const SINGLE_BYTE = new Set(['iso-8859-1', 'iso-8859-15', 'windows-1252', 'us-ascii']);

/**
 * The text of a report's bytes, without a byte order mark.
 * @throws {ReportError} when there is none, it is too large, or not text in a known encoding.
 */
export function decodeReport(content: string | Uint8Array): string {
  // Programs without types call this too, e.g. with what a read of a missing file left.
  if (typeof content !== 'string' && !ArrayBuffer.isView(content))
    throw new ReportError('malformed', 'neither text nor the bytes of a file');
  if (content.length > MAX_REPORT_BYTES) {
    throw new ReportError('tooLarge', `larger than ${MAX_REPORT_BYTES / 1024 / 1024} MB`);
  }
  if (typeof content === 'string') return content.charCodeAt(0) === 0xfeff ? content.slice(1) : content;
  try {
    return new TextDecoder(encodingOf(content), { fatal: true }).decode(content);
  } catch (error) {
    if (isInvalidText(error)) throw new ReportError('malformed', 'not valid UTF-8 text');
    throw error;
  }
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const declared = DECLARED.exec(Buffer.from(bytes.subarray(0, 200)).toString('latin1'))?.[1]?.toLowerCase();
  return declared !== undefined && SINGLE_BYTE.has(declared) ? declared : 'utf-8';
}

function isInvalidText(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
  );
}
