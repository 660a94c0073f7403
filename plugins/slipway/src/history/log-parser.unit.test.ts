import fc from 'fast-check';
import { CommitStore } from './commit-store';
import { HistoryError } from './history-error';
import { LogParser } from './log-parser';

const id = (number: number) => number.toString(16).padStart(40, '0');
const record = (number: number, parents: readonly number[], message: string, files: readonly string[]) =>
  ['', id(number), parents.map(id).join(' '), '1700000000', 'Ada', 'ada@example.test', '2024-01-01T00:00:00Z', message]
    .concat(files.map((file, index) => (index === 0 ? `\n${file}` : file)))
    .map((field) => `${field}\0`)
    .join('');

function parse(chunks: readonly Buffer[]): CommitStore {
  const store = new CommitStore();
  const parser = new LogParser(store, () => false);
  for (const chunk of chunks) parser.push(chunk);
  parser.end();
  return store;
}

describe('LogParser', () => {
  const text = fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\0', ''));
  const commits = fc.array(
    fc.record({
      message: text,
      files: fc.array(
        text.filter((name) => name !== ''),
        { maxLength: 3 },
      ),
    }),
    { minLength: 1, maxLength: 6 },
  );

  it('reads the same however the output is torn', () => {
    fc.assert(
      fc.property(commits, fc.array(fc.nat({ max: 2_000 }), { maxLength: 8 }), (list, cuts) => {
        const output = Buffer.from(
          list.map(({ message, files }, index) => record(index + 1, [index + 2], message, files)).join(''),
        );
        const borders = [0, ...cuts.map((cut) => cut % output.length).sort((a, b) => a - b), output.length];
        const store = parse(borders.slice(1).map((to, index) => output.subarray(borders[index], to)));
        expect(list.map((_, index) => store.commit(store.find(id(index + 1))))).toEqual(
          list.map(
            ({ message, files }, index) =>
              expect.objectContaining({ id: id(index + 1), parents: [id(index + 2)], message, files }) as unknown,
          ),
        );
      }),
    );
  });

  it.each([
    ['something else', 'commit 0123\n'],
    ['a warning before it', `warning: x\n${record(1, [], 'm', [])}`],
    ['an id that is none', record(1, [], 'm', []).replace(id(1), 'not an id')],
    ['an end in the middle', record(1, [], 'm', ['a', 'b']).slice(0, -1)],
  ])('refuses %s', (_, output) => {
    expect(() => parse([Buffer.from(output)])).toThrow(HistoryError);
  });

  it('reads a commit of 300,000 files, piece by piece, in good time', () => {
    const files = Array.from({ length: 300_000 }, (_, index) => `packages/p${index % 300}/f${index}`);
    const output = Buffer.from(record(1, [], 'm', files));
    const started = performance.now();
    const chunks = Array.from({ length: Math.ceil(output.length / 4_096) }, (_, index) =>
      output.subarray(index * 4_096, (index + 1) * 4_096),
    );
    expect(parse(chunks).commit(0).files).toHaveLength(300_000);
    // Reading all of it again with each of 1,500 pieces takes minutes.
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
