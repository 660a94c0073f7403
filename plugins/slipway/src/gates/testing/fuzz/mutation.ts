import type { Random } from './random';

/** One way to change a text. Null where there is nothing in it to change this way. */
export interface Mutation {
  readonly name: string;
  readonly change: (text: string, random: Random) => string | null;
}

/** Numbers that are none, and such that overflow, underflow or turn a comparison around. */
export const ODD_NUMBERS = [
  'NaN',
  '-1',
  '1e400',
  '-1e400',
  '99999999999999999999',
  '0',
  '0.5',
  '1e-7',
  '"7"',
  'null',
  '',
  '٣',
  '0x10',
];

/** A match of a pattern, any of them alike. */
export function anyMatch(text: string, pattern: RegExp, random: Random): RegExpExecArray | null {
  const all = [...text.matchAll(pattern)];
  return all.length === 0 ? null : random.pick(all);
}

export function replaceAt(text: string, start: number, length: number, by: string): string {
  return text.slice(0, start) + by + text.slice(start + length);
}
