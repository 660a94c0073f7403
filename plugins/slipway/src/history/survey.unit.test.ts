import fc from 'fast-check';
import { broughtBy } from './brought-by';
import { CommitStore } from './commit-store';
import { decodeStore, encodeStore } from './store-file';
import { placeOf, Reach, surveyFrom } from './survey';
import { graphs, heldBy, type Graph } from './testing/graph';

const idOf = (number: number) => number.toString(16).padStart(40, '0');

/** @param read which commits were read; the others are only named. */
function storeOf(graph: Graph, read: (number: number) => boolean = () => true): CommitStore {
  const store = new CommitStore();
  for (const [number, { parents, time, files }] of graph.commits.entries()) {
    if (!read(number)) continue;
    const buffer = Buffer.from(`Ada\0ada@example.test\0${time}\0feat: ${number}`);
    const text = { buffer, from: 0, to: buffer.length };
    store.add({ id: idOf(number), parents: parents.map(idOf), time, text, files }, false);
  }
  return store;
}

describe('a survey', () => {
  const head = (graph: Graph) => graph.commits.length - 1;

  it('places each commit before its parents, and those that are only named at the end', () => {
    fc.assert(
      fc.property(graphs, fc.func(fc.boolean()), (graph, chosen) => {
        const isRead = (number: number) => number === head(graph) || chosen(number);
        const store = storeOf(graph, isRead);
        const survey = surveyFrom(store, store.number(idOf(head(graph))));
        const numbers = Array.from(survey.nodes, (node) => Number.parseInt(store.id(node), 16));
        expect(new Set(numbers).size).toBe(numbers.length);
        for (const [position, number] of numbers.entries()) {
          expect(isRead(number)).toBe(position < survey.read);
          if (position >= survey.read) continue;
          for (const parent of graph.commits[number]?.parents ?? [])
            expect(numbers.indexOf(parent)).toBeGreaterThan(position);
        }
      }),
    );
  });

  it('tells what each of many starting points holds', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const store = storeOf(graph);
        const survey = surveyFrom(store, store.number(idOf(head(graph))));
        // More than one word of bits.
        const starts = Array.from({ length: 70 }, (_, index) => index % survey.read);
        const reach = new Reach(survey, starts);
        for (const [index, start] of starts.entries()) {
          const held = heldBy(graph, Number.parseInt(store.id(survey.nodes[start] ?? 0), 16));
          for (let position = 0; position < survey.read; position += 1) {
            const number = Number.parseInt(store.id(survey.nodes[position] ?? 0), 16);
            expect(reach.holds(index, position)).toBe(held.has(number));
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it('tells what a merge brought in', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const store = storeOf(graph);
        const survey = surveyFrom(store, store.number(idOf(head(graph))));
        for (const number of heldBy(graph, head(graph))) {
          const [first, ...later] = graph.commits[number]?.parents ?? [];
          const own = first === undefined ? new Set<number>() : heldBy(graph, first);
          const brought = new Set(later.flatMap((parent) => [...heldBy(graph, parent)]).filter((at) => !own.has(at)));
          const found = broughtBy(survey, store.find(idOf(number)));
          expect([...found].sort((a, b) => a - b)).toEqual(found);
          expect(new Set(found.map((at) => Number.parseInt(store.id(survey.nodes[at] ?? 0), 16)))).toEqual(brought);
        }
        expect(placeOf(survey, store.find(idOf(9_999)))).toBe(-1);
      }),
    );
  });
});

describe('a stored history', () => {
  it('comes back as it was, and grows on from there', () => {
    fc.assert(
      fc.property(graphs, fc.nat({ max: 40 }), (graph, half) => {
        const parts = encodeStore(storeOf(graph, (number) => number < half)) ?? [];
        const again = decodeStore(Buffer.concat(parts));
        expect(again).not.toBeNull();
        const whole = storeOf(graph);
        for (const [number, { parents, time, files }] of graph.commits.entries()) {
          if (number >= half) {
            const buffer = Buffer.from(`Ada\0ada@example.test\0${time}\0feat: ${number}`);
            const text = { buffer, from: 0, to: buffer.length };
            again?.add({ id: idOf(number), parents: parents.map(idOf), time, text, files }, false);
          }
          expect(again?.commit(again.find(idOf(number)))).toEqual(whole.commit(whole.find(idOf(number))));
        }
      }),
    );
  });

  it('can be copied without what nothing leads to any more', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const whole = storeOf(graph);
        const kept = heldBy(graph, graph.commits.length - 1);
        const copy = whole.copyOf([...kept].map((number) => whole.find(idOf(number))));
        const all = graph.commits.map((_, number) => number);
        expect(all.filter((number) => copy.find(idOf(number)) >= 0)).toEqual(all.filter((number) => kept.has(number)));
        for (const number of kept)
          expect(copy.commit(copy.find(idOf(number)))).toEqual(whole.commit(whole.find(idOf(number))));
      }),
    );
  });

  it('leaves out commits where a shallow clone ends, but not their ids', () => {
    const store = new CommitStore();
    const buffer = Buffer.from('Ada\0a\0t\0m');
    store.add(
      { id: idOf(1), parents: [], time: 1, text: { buffer, from: 0, to: buffer.length }, files: ['all'] },
      true,
    );
    const again = decodeStore(Buffer.concat(encodeStore(store) ?? []));
    expect(again?.state(again.find(idOf(1)))).toBe(0);
    expect(again?.parentCount(again.find(idOf(1)))).toBe(0);
  });

  it('is null for any other content', () => {
    const whole = Buffer.concat(
      encodeStore(storeOf({ commits: [{ parents: [], time: 1, files: ['a'] }], tags: {} })) ?? [],
    );
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const copy = Buffer.from(whole);
        copy[at] = (copy[at] ?? 0) ^ change;
        expect(decodeStore(copy)).toBeNull();
        expect(decodeStore(whole.subarray(0, at))).toBeNull();
      }),
    );
    expect(decodeStore(whole)).not.toBeNull();
  });
});
