/** A person's name or address, however it was written. */
export function plainName(text: string): string {
  return text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}
