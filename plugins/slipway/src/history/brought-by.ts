import { placeOf, type Survey } from './survey';

const FIRST = 1;
const LATER = 2;

/**
 * Positions of the commits that a merge's later parents hold and its first does not, in order. Walks only back to where
 * the sides part: positions grow from child to parent, so once everything that waits is held by the first parent, all
 * that follows is too.
 */
export function broughtBy(survey: Survey, merge: number): readonly number[] {
  const { store, nodes } = survey;
  const place = placeOf(survey, merge);
  if (place < 0 || place >= survey.read) return [];
  const marks = new Map<number, number>();
  const waiting = new Positions();
  let undecided = 0;
  const mark = (position: number, sides: number) => {
    const before = marks.get(position);
    if (before === undefined) waiting.push(position);
    const after = (before ?? 0) | sides;
    undecided += Number(after === LATER) - Number(before === LATER);
    marks.set(position, after);
  };
  for (let index = 0; index < store.parentCount(merge); index += 1) {
    mark(placeOf(survey, store.parent(merge, index)), index === 0 ? FIRST : LATER);
  }
  const found: number[] = [];
  while (undecided > 0) {
    const position = waiting.pop();
    const sides = marks.get(position) ?? 0;
    marks.delete(position);
    if (sides === LATER) undecided -= 1;
    // What is not read is older than every line's range.
    if (position >= survey.read) continue;
    if (sides === LATER) found.push(position);
    const node = nodes[position] as number;
    for (let index = 0; index < store.parentCount(node); index += 1) {
      mark(placeOf(survey, store.parent(node, index)), sides);
    }
  }
  return found;
}

/** A binary heap, lowest first. */
class Positions {
  private readonly items: number[] = [];

  push(position: number): void {
    const { items } = this;
    let at = items.length;
    items.push(position);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const other = items[up] as number;
      if (other <= position) break;
      items[at] = other;
      at = up;
    }
    items[at] = position;
  }

  pop(): number {
    const { items } = this;
    const first = items[0] ?? -1;
    const last = items.pop() ?? -1;
    if (items.length === 0) return first;
    let at = 0;
    for (;;) {
      let down = at * 2 + 1;
      if (down >= items.length) break;
      if (down + 1 < items.length && (items[down + 1] as number) < (items[down] as number)) down += 1;
      const other = items[down] as number;
      if (other >= last) break;
      items[at] = other;
      at = down;
    }
    items[at] = last;
    return first;
  }
}
