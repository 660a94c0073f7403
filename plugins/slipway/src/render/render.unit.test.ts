import fc from 'fast-check';
import { hostileText } from '../testing/hostile-text';
import { oneLine, renderOutcome, renderTable, stringWidth, truncate, wantsColor, wrap } from './index';

const PLAIN = { color: false, width: 80 };

describe('hostile text', () => {
  it('is made visible', () => {
    const hostile = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202egnp.exe\r\nDone: \u200b\u{e0041}\ud800released.';
    expect(oneLine(hostile)).toBe(
      '\\x1b]0;owned\\x07\\x1b[2J\\x9b31m\\u202egnp.exe Done: \\u200b\\u{e0041}\\ud800released.',
    );
    expect(oneLine('ünï 本番 👩‍💻 क्ष \ufffd')).toBe('ünï 本番 👩‍💻 क्ष \ufffd');
  });

  it('of any kind comes out of an outcome as text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        for (const line of renderOutcome({ kind: 'failed', reason: text, remedy: text }, PLAIN))
          expect(line).not.toMatch(/[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});

describe('an outcome', () => {
  it('is one sentence', () => {
    expect(renderOutcome({ kind: 'done', summary: 'released 1.1.0' }, PLAIN)).toEqual(['✔ Done: released 1.1.0.']);
    expect(
      renderOutcome({ kind: 'unknown', reason: 'no reply', findOut: 'nx release-status platform' }, PLAIN)[0],
    ).toMatch(/^\? Unknown: no reply/);
  });

  it('gives every refusal with what mends it, uncut', () => {
    const remedy = `npx nx release-approve platform --as=uat ${'x'.repeat(200)}`;
    expect(
      renderOutcome(
        {
          kind: 'refused',
          refusals: [
            { id: 'treeClean', reason: 'the tree is dirty', remedy: 'commit or discard your changes' },
            { id: 'approved', reason: 'uat has not signed off', remedy },
          ],
        },
        PLAIN,
      ),
    ).toEqual([
      '✖ Refused, nothing changed: the tree is dirty; uat has not signed off.',
      '  · the tree is dirty',
      '    next: commit or discard your changes',
      '  · uat has not signed off',
      `    next: ${remedy}`,
    ]);
  });
});

describe('a table', () => {
  const columns = [{ title: 'environment' }, { title: 'version', align: 'right' as const }, { title: 'by' }];

  it('is aligned, wide characters and colours included', () => {
    expect(
      renderTable(
        columns,
        [
          ['staging', '1.1.0', 'Ada'],
          ['本番', '\u001b[31m1.0.10\u001b[39m', '田中'],
        ],
        PLAIN,
      ),
    ).toEqual([
      'environment  version  by',
      'staging        1.1.0  Ada',
      '本番          \u001b[31m1.0.10\u001b[39m  田中',
    ]);
  });

  it('fits its width by cutting the widest column that may be cut', () => {
    const table = renderTable([{ title: 'a' }, { title: 'b', shrink: false }], [['x'.repeat(50), 'y'.repeat(20)]], {
      color: false,
      width: 40,
    });
    expect(table[1]).toBe(`${'x'.repeat(17)}…  ${'y'.repeat(20)}`);
  });

  it('never cuts wider than asked, and ends colours it began', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(30), (text, width) => {
        expect(stringWidth(truncate(oneLine(text), width))).toBeLessThanOrEqual(width);
      }),
    );
    expect(truncate('\u001b[31mabcdef\u001b[39m', 4)).toBe('\u001b[31mabc…\u001b[0m');
  });

  it('wraps between words only', () => {
    expect(wrap('make it with: nx run a:b', 10)).toEqual(['make it', 'with: nx', 'run a:b']);
  });
});

describe('colour', () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ TERM: 'dumb' }, true, false],
  ])('%j on a terminal: %s → %s', (env, isTTY, expected) => {
    expect(wantsColor(env, isTTY)).toBe(expected);
  });
});
