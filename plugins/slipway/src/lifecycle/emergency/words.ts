/** Characters; less says nothing to whoever reads it later. */
const LEAST = 10;

/** Whether a reason or a note is no sentence yet. */
export function tooShort(text: string): boolean {
  return text.trim().length < LEAST || new Set(text.trim().toLowerCase()).size < LEAST / 2;
}
