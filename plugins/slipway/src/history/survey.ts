import { CUT, NAMED, type CommitStore } from './commit-store';

/**
 * The part of the graph that a commit reaches. Commits have positions: those that were read first, newest first and each
 * before its parents; then the ones that are only named.
 */
export interface Survey {
  readonly store: CommitStore;
  /** Numbers of commits by position. */
  readonly nodes: Uint32Array;
  /** Positions by number, plus one; 0 for a commit that is not reached. */
  readonly places: Uint32Array;
  /** How many of them were read. */
  readonly read: number;
  /** Positions of the ones whose parents are unknown: those that are only named, and those where a shallow clone ends. */
  readonly ends: readonly number[];
}

/** Walks what the store knows of a commit and its ancestors. */
export function surveyFrom(store: CommitStore, head: number): Survey {
  const children = new Uint32Array(store.size);
  const seen = new Uint8Array(store.size);
  const named: number[] = [];
  const stack = [head];
  seen[head] = 1;
  let read = 0;
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (store.state(node) === NAMED) {
      named.push(node);
      continue;
    }
    read += 1;
    for (let index = store.parentCount(node) - 1; index >= 0; index -= 1) {
      const parent = store.parent(node, index);
      children[parent] = (children[parent] as number) + 1;
      if (seen[parent] === 0) {
        seen[parent] = 1;
        stack.push(parent);
      }
    }
  }

  const nodes = new Uint32Array(read + named.length);
  const places = new Uint32Array(store.size);
  const ends: number[] = [];
  let position = 0;
  const place = (node: number) => {
    nodes[position] = node;
    position += 1;
    places[node] = position;
  };
  // Each commit once all its children are placed; among those that could be next, the newest.
  const ready = new NewestFirst(store);
  if (read > 0) ready.push(head);
  for (let node = ready.pop(); node >= 0; node = ready.pop()) {
    if (store.state(node) === CUT) ends.push(position);
    place(node);
    for (let index = 0; index < store.parentCount(node); index += 1) {
      const parent = store.parent(node, index);
      const left = (children[parent] as number) - 1;
      children[parent] = left;
      if (left === 0 && store.state(parent) !== NAMED) ready.push(parent);
    }
  }
  for (const node of named) {
    ends.push(position);
    place(node);
  }
  return { store, nodes, places, read, ends };
}

/** The position of a commit, -1 where it is not reached. */
export function placeOf(survey: Survey, node: number): number {
  return node < 0 ? -1 : (survey.places[node] ?? 0) - 1;
}

/** A binary heap. Equal times go by id, so that the order does not depend on what was cached. */
class NewestFirst {
  private readonly items: number[] = [];

  constructor(private readonly store: CommitStore) {}

  push(node: number): void {
    const { items } = this;
    let at = items.length;
    items.push(node);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const other = items[up] as number;
      if (!this.before(node, other)) break;
      items[at] = other;
      at = up;
    }
    items[at] = node;
  }

  /** -1 where nothing is left. */
  pop(): number {
    const { items } = this;
    const first = items[0];
    const last = items.pop();
    if (first === undefined || last === undefined) return -1;
    if (items.length === 0) return first;
    let at = 0;
    for (;;) {
      let down = at * 2 + 1;
      if (down >= items.length) break;
      if (down + 1 < items.length && this.before(items[down + 1] as number, items[down] as number)) down += 1;
      const other = items[down] as number;
      if (!this.before(other, last)) break;
      items[at] = other;
      at = down;
    }
    items[at] = last;
    return first;
  }

  private before(a: number, b: number): boolean {
    const difference = this.store.time(a) - this.store.time(b);
    return difference === 0 ? this.store.id(a) < this.store.id(b) : difference > 0;
  }
}

/** Which commits of a survey each of some starting points holds: itself and all its ancestors. A bit for each pair. */
export class Reach {
  private readonly words: number;
  private readonly bits: Uint32Array;

  /** @param starts positions. */
  constructor(
    private readonly survey: Survey,
    private readonly starts: readonly number[],
  ) {
    const { store, nodes, places, read } = survey;
    const words = Math.max(1, Math.ceil(starts.length / 32));
    const bits = new Uint32Array(nodes.length * words);
    for (const [index, start] of starts.entries()) {
      const word = start * words + (index >> 5);
      bits[word] = (bits[word] as number) | (1 << (index & 31));
    }
    for (let position = 0; position < read; position += 1) {
      const node = nodes[position] as number;
      const from = position * words;
      for (let index = store.parentCount(node) - 1; index >= 0; index -= 1) {
        const to = ((places[store.parent(node, index)] as number) - 1) * words;
        for (let word = 0; word < words; word += 1) {
          bits[to + word] = (bits[to + word] as number) | (bits[from + word] as number);
        }
      }
    }
    this.words = words;
    this.bits = bits;
  }

  /** Whether the starting point of that index holds the commit at a position. */
  holds(start: number, position: number): boolean {
    return (((this.bits[position * this.words + (start >> 5)] as number) >>> (start & 31)) & 1) === 1;
  }

  /** Whether every starting point holds all that is unknown: then nothing of it can be newer than any of them. */
  holdsAllEnds(): boolean {
    return this.firstOutside() < 0;
  }

  /** Index of a starting point that does not hold all that is unknown; -1 where each does. */
  firstOutside(): number {
    return this.starts.findIndex((_, start) => this.survey.ends.some((end) => !this.holds(start, end)));
  }
}
