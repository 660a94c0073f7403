import { MAX_DEPTH, ReportError } from './report';

/** What is told of JSON before it is parsed. */
export interface JsonStructure {
  /** Keys of all objects, as often as they are written. */
  readonly members: number;
  /** Bytes that its values will take, at most, as Node keeps them. Without the text itself. */
  readonly bytes: number;
}

/** Bytes of a value besides what it holds, from measurements of Node 20 and 22, rounded up. */
const OBJECT = 64;
const LIST = 56;
const SLOT = 24;
const STRING = 24;
/** From so many keys on an object is a hash table. */
const LARGE = 1_000;
const LARGE_SLOT = 100;
/** A key that no other object has makes a shape of its own, which Node keeps beside the object. */
const SHAPE = 300;
/** Different keys are told apart by so many places at most. */
const MAX_PLACES = 1 << 22;

/**
 * Looks through JSON once, without keeping anything: the parser takes memory for each level and each value, far more than the text.
 * @throws {ReportError} where it nests deeper than any report
 */
export function scanJson(text: string): JsonStructure {
  const membersAt = new Int32Array(MAX_DEPTH + 1);
  let depth = 0;
  let members = 0;
  let bytes = 0;
  const known = new Uint8Array(Math.min(MAX_PLACES, 2 ** Math.ceil(Math.log2(text.length / 4 + 64))));
  let keyStart = 0;
  let keyEnd = 0;
  for (let i = 0; i < text.length; i += 1) {
    switch (text.charCodeAt(i)) {
      case 0x22: {
        const end = endOfString(text, i);
        bytes += STRING + (end - i);
        keyStart = i;
        keyEnd = end;
        i = end;
        break;
      }
      case 0x7b:
      case 0x5b:
        depth += 1;
        if (depth > MAX_DEPTH) throw new ReportError('hostile', `nests deeper than ${MAX_DEPTH} values`);
        membersAt[depth] = 0;
        bytes += SLOT + (text.charCodeAt(i) === 0x7b ? OBJECT : LIST);
        break;
      case 0x7d:
      case 0x5d:
        if (depth > 0) depth -= 1;
        break;
      case 0x3a: {
        members += 1;
        const own = (membersAt[depth] ?? 0) + 1;
        membersAt[depth] = own;
        bytes += own > LARGE ? LARGE_SLOT : SLOT;
        const place = hashOf(text, keyStart, keyEnd) & (known.length - 1);
        if (known[place] === 0) bytes += SHAPE;
        known[place] = 1;
        break;
      }
      case 0x2c:
        bytes += SLOT;
        break;
    }
  }
  return { members, bytes };
}

/** FNV-1a, of a part of a text. */
function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}

/** Keys of all objects within a value that was parsed: fewer than {@link JsonStructure.members} where an object has a key twice. */
export function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value) members += countMembers(item);
    return members;
  }
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) members += 1 + countMembers(object[key]);
  return members;
}

/** Where a string ends that begins there; the end of the text when it has none. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes += 1;
    if (backslashes % 2 === 0) return quote;
  }
  return text.length;
}
