/**
 * Control characters, and those that reorder text: what a report holds must not steer the terminal.
 * Line breaks and tabs are handled by {@link oneLine}.
 */
const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Makes steering characters visible (`\x1b`). Keeps line feeds and tabs. */
export function neutralise(text: string): string {
  return text.replace(STEERING, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** The same on one line: white space of any kind becomes single spaces. */
export function oneLine(text: string): string {
  return neutralise(text.replace(/\s+/g, ' ').trim());
}
