import { coAuthorsOf } from './co-authors';

describe('coAuthorsOf', () => {
  it('reads the trailers, in any case and with any line ends, each address once', () => {
    expect(
      coAuthorsOf(
        'feat: x\n\nBody.\n\nCo-authored-by: Ada Lovelace <ada@example.test>\r\nco-authored-by: Grace <g@example.test>\nCO-AUTHORED-BY: Ada L. <ADA@example.test>',
      ),
    ).toEqual([
      { name: 'Ada Lovelace', email: 'ada@example.test' },
      { name: 'Grace', email: 'g@example.test' },
    ]);
  });

  it.each([
    'feat: x',
    'feat: x\n\nsee Co-authored-by: Ada <a@b.test>',
    'x\n\nCo-authored-by: Ada',
    'x\n\nCo-authored-by: <a@b.test>',
  ])('finds nobody in %j', (message) => {
    expect(coAuthorsOf(message)).toEqual([]);
  });

  it('takes time that grows with the text', () => {
    const started = performance.now();
    coAuthorsOf(`co-authored-by:${' a'.repeat(100_000)}\nco-authored-by:${' '.repeat(100_000)}x`);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
