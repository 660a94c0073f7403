/**
 * Escape sequences as terminals know them: CSI, OSC and other strings, and short ones. Strings only with their end on the
 * same line: one without must not take the rest of the text with it.
 */
const SEQUENCES =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u009b[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\n\u0007\u001b\u0080-\u009f]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-~]/g;

/** Other control characters than tab and newline. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * Characters that change what a person sees without being seen: direction overrides and marks, zero-width space, word
 * joiner, byte order mark, interlinear and tag characters. Joiners (U+200C, U+200D) stay: scripts and emoji need them.
 */
const INVISIBLE =
  /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** Any of the above, line ends other than a newline, and halves of pairs: most text has none, and one look tells. */
const SUSPECT =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]/;

/**
 * Text that others wrote (commit messages, names of authors), safe to print on a terminal: no escape sequences, no
 * control characters except tab and newline, nothing that reorders or hides. Applying it twice changes nothing.
 */
export function printable(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\u2028\u2029]/g, ' ')
    .replace(SEQUENCES, '')
    .replace(CONTROLS, '')
    .replace(INVISIBLE, '')
    .replace(/\p{Surrogate}/gu, '\ufffd');
}

/** {@link printable} text on one line: runs of white space become one space. */
export function printableLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim();
}
