import type { Node } from 'jsonc-parser';

/** Brackets within brackets; what is deeper is left to others, who tell that it is. */
const DEEPEST = 64;

/** A node that is being made: where it ends is known last. */
type Draft = { -readonly [Key in keyof Node]: Node[Key] };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/**
 * The tree that jsonc-parser's `parseTree` makes of strict JSON, made several times faster: the engine itself has checked the text
 * already, so that all that is left to find out is what stands where. A workspace may have a thousand manifests.
 * @returns null for a text that is no strict JSON, or is nested deeper than any of our files: `parseTree` tells why.
 */
export function strictTree(source: string): Node | null {
  try {
    JSON.parse(source);
  } catch {
    return null;
  }
  let at = 0;
  let depth = 0;

  function skipSpace(): void {
    while (source.charCodeAt(at) <= SPACE) at += 1;
  }

  function element(parent: Node | undefined): Node | null {
    const offset = at;
    switch (source[at]) {
      case '{':
        return container('object', parent);
      case '[':
        return container('array', parent);
      case '"':
        return { type: 'string', offset, ...text(), parent };
      case 't':
        at += 4;
        return { type: 'boolean', offset, length: 4, parent, value: true };
      case 'f':
        at += 5;
        return { type: 'boolean', offset, length: 5, parent, value: false };
      case 'n':
        at += 4;
        return { type: 'null', offset, length: 4, parent, value: null };
      default:
        while (isNumeric(source.charCodeAt(at))) at += 1;
        return { type: 'number', offset, length: at - offset, parent, value: Number(source.slice(offset, at)) };
    }
  }

  function text(): { length: number; value: string } {
    const start = at;
    let plain = true;
    for (at += 1; source.charCodeAt(at) !== QUOTE; at += 1)
      if (source.charCodeAt(at) === BACKSLASH) {
        plain = false;
        at += 1;
      }
    at += 1;
    const value = plain ? source.slice(start + 1, at - 1) : (JSON.parse(source.slice(start, at)) as string);
    return { length: at - start, value };
  }

  /** Null where it goes too deep. */
  function container(type: 'object' | 'array', parent: Node | undefined): Node | null {
    if (++depth > DEEPEST) return null;
    const children: Node[] = [];
    const node: Draft = { type, offset: at, length: 0, parent, children };
    const end = type === 'object' ? '}' : ']';
    at += 1;
    skipSpace();
    while (source[at] !== end) {
      if (source[at] === ',') {
        at += 1;
        skipSpace();
      }
      const child = type === 'object' ? property(node) : element(node);
      if (child === null) return null;
      children.push(child);
      skipSpace();
    }
    at += 1;
    depth -= 1;
    node.length = at - node.offset;
    return node;
  }

  function property(parent: Node): Node | null {
    const offset = at;
    const node: Draft = { type: 'property', offset, length: 0, parent };
    const key: Node = { type: 'string', offset, ...text(), parent: node };
    skipSpace();
    node.colonOffset = at;
    at += 1;
    skipSpace();
    const value = element(node);
    if (value === null) return null;
    node.children = [key, value];
    node.length = at - offset;
    return node;
  }

  skipSpace();
  return element(undefined);
}

/** Digits, signs, the point and the exponent: all that can stand in a number, and nothing that can follow one. */
function isNumeric(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2b || code === 0x2e || code === 0x45 || code === 0x65
  );
}
