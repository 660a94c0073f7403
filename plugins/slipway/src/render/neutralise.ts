/**
 * Control characters, those that reorder text or show nothing, and halves of characters: what a report holds must neither steer the
 * terminal nor look like something else. Line breaks and tabs are handled by {@link oneLine}.
 */
const STEERING =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e0fff}\p{Cs}]/gu;

/** Makes steering characters visible (`\x1b`). Keeps line feeds and tabs. */
export function neutralise(text: string): string {
  return text.replace(STEERING, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
    return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
  });
}

/** The same on one line: white space of any kind becomes single spaces. */
export function oneLine(text: string): string {
  return neutralise(text.replace(/\s+/g, ' ').trim());
}

/** A value as JSON that can be shown and copied: what steers is escaped as JSON does it, so that it reads back the same. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(STEERING, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
