import fc from 'fast-check';
import { printable, printableLine } from './printable';
import { hostileMessages } from './testing/hostile';

describe('printable', () => {
  it.each([
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['a window title', '\u001b]0;owned\u0007after', 'after'],
    ['a hyperlink', '\u001b]8;;https://example.test\u001b\\text\u001b]8;;\u001b\\', 'text'],
    ['an eight-bit sequence', '\u009b2Jcleared', 'cleared'],
    ['a sequence inside a sequence', '\u001b[\u001b[31m31mx', '31mx'],
    [
      'a string that never ends, but not what follows',
      '\u001b]0;shown\n\nBREAKING CHANGE: y',
      '0;shown\n\nBREAKING CHANGE: y',
    ],
    ['backspaces and bells', 'a\b\u0007b', 'ab'],
    ['direction overrides', 'abc\u202edef\u2066g', 'abcdefg'],
    ['tag characters', 'a\u{e0041}\u{e0042}b', 'ab'],
  ])('takes out %s', (_, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it('keeps newlines, tabs, other scripts and composed emoji', () => {
    const text = 'a\n\tb é 日本 👩‍👩‍👧';
    expect(printable(text)).toBe(text);
  });

  it('turns every line ending into a newline', () => {
    expect(printable('a\r\nb\rc')).toBe('a\nb\nc');
  });

  it('leaves no control character of any text, and changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = printable(text);
        expect(once).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
        expect(printable(once)).toBe(once);
      }),
    );
  });
});

describe('printableLine', () => {
  it('is one line', () => {
    expect(printableLine(' a\r\n\n b\u2028c ')).toBe('a b c');
  });
});

it('takes time in proportion to hostile text', () => {
  const started = performance.now();
  for (const text of hostileMessages) printableLine(text);
  expect(performance.now() - started).toBeLessThan(15_000);
});
