import fc from 'fast-check';
import { DiffError, parseAddedLines } from './diff-lines';

function diff(...lines: string[]): string {
  return `${lines.join('\n')}\n`;
}

const CHANGED = diff(
  'diff --git a/src/a.ts b/src/a.ts',
  'index 1c943a9..27a7ea6 100644',
  '--- a/src/a.ts',
  '+++ b/src/a.ts',
  '@@ -3 +3,2 @@ function before() {',
  '-old',
  '+new',
  '+newer',
  '@@ -9,2 +10,0 @@',
  '-gone',
  '-gone too',
);

describe('the lines that a diff adds', () => {
  it('have the numbers of the new file', () => {
    expect(parseAddedLines(CHANGED)).toEqual({
      files: [
        {
          path: 'src/a.ts',
          lines: [
            { line: 3, text: 'new' },
            { line: 4, text: 'newer' },
          ],
        },
      ],
      binary: [],
    });
  });

  it('are none where nothing changed', () => {
    expect(parseAddedLines('')).toEqual({ files: [], binary: [] });
  });

  it.each([
    ['a deleted file', ['deleted file mode 100644', '--- a/f', '+++ /dev/null', '@@ -1 +0,0 @@', '-x']],
    ['a new empty file', ['new file mode 100644', 'index 0000000..e69de29']],
    ['a changed mode', ['old mode 100644', 'new mode 100755']],
    ['a deleted binary file', ['deleted file mode 100644', 'Binary files a/f and /dev/null differ']],
  ])('are none in %s', (_, lines) => {
    expect(parseAddedLines(diff('diff --git a/f b/f', ...lines))).toEqual({ files: [], binary: [] });
  });

  it('never take content for a header', () => {
    const sql = [
      'diff --git a/a.sql b/a.sql',
      '--- a/a.sql',
      '+++ b/a.sql',
      '@@ -1 +1,3 @@',
      '--- a/other',
      '+++ b/evil',
      '+@@ -1 +9 @@',
      '+diff --git a/x b/x',
    ];
    expect(parseAddedLines(diff(...sql)).files).toEqual([
      {
        path: 'a.sql',
        lines: [
          { line: 1, text: '++ b/evil' },
          { line: 2, text: '@@ -1 +9 @@' },
          { line: 3, text: 'diff --git a/x b/x' },
        ],
      },
    ]);
  });

  it('keep carriage returns, and know files without a last line feed', () => {
    const lines = [
      'diff --git a/f b/f',
      '--- a/f',
      '+++ b/f',
      '@@ -1 +1,2 @@',
      '-a',
      '\\ No newline at end of file',
      '+a\r',
      '+b',
      '\\ No newline at end of file',
      'diff --git a/g b/g',
      'new file mode 100644',
      '--- /dev/null',
      '+++ b/g',
      '@@ -0,0 +1 @@',
      '+c',
    ];
    expect(parseAddedLines(lines.join('\n')).files).toEqual([
      {
        path: 'f',
        lines: [
          { line: 1, text: 'a\r' },
          { line: 2, text: 'b' },
        ],
      },
      { path: 'g', lines: [{ line: 1, text: 'c' }] },
    ]);
  });

  it.each([
    ['"a/\\303\\274 \\"q\\".txt"', '"b/\\303\\274 \\"q\\".txt"', 'ü "q".txt'],
    ['"a/ta\\tb"', '"b/ta\\tb"', 'ta\tb'],
    ['"a/back\\\\slash"', '"b/back\\\\slash"', 'back\\slash'],
    ['a/with space\t', 'b/with space\t', 'with space'],
    ['a/ü', 'b/ü', 'ü'],
  ])('name %s as it is called', (before, after, path) => {
    const header = `diff --git ${before.trimEnd()} ${after.trimEnd()}`;
    const change = diff(header, `--- ${before}`, `+++ ${after}`, '@@ -0,0 +1 @@', '+x');
    expect(parseAddedLines(change).files.map((file) => file.path)).toEqual([path]);
    expect(parseAddedLines(diff(header, 'Binary files differ')).binary).toEqual([path]);
  });

  it('belong to the new name of a renamed file', () => {
    const renamed = ['diff --git a/old b/new name', 'similarity index 90%', 'rename from old', 'rename to new name'];
    const change = ['--- a/old', '+++ b/new name\t', '@@ -4,0 +5 @@', '+five'];
    expect(parseAddedLines(diff(...renamed, ...change)).files.map((file) => file.path)).toEqual(['new name']);
    expect(parseAddedLines(diff(...renamed, 'Binary files a/old and b/new name differ')).binary).toEqual(['new name']);
    expect(parseAddedLines(diff(...renamed))).toEqual({ files: [], binary: [] });
  });

  it('are not shown of binary files, which are told', () => {
    const patch = ['index 1..2 100644', 'GIT binary patch', 'literal 3', 'Kc$}x;', '', 'literal 3', 'Kc$}x;', ''];
    expect(
      parseAddedLines(diff('diff --git a/a b/a', 'Binary files a/a and b/a differ', 'diff --git a/b b/b', ...patch)),
    ).toEqual({ files: [], binary: ['a', 'b'] });
  });

  it.each([
    ['breaks off within a hunk', CHANGED.slice(0, CHANGED.indexOf('+newer'))],
    ['breaks off within removed lines', CHANGED.slice(0, CHANGED.indexOf('-gone too'))],
    ['is no diff', 'fatal: bad revision\n'],
    ['is combined, of a merge', diff('diff --cc f', 'index 1,2..3', '--- a/f', '+++ b/f', '@@@ -1,1 -1,1 +1,1 @@@')],
    [
      'counts more than it shows',
      diff('diff --git a/f b/f', '--- a/f', '+++ b/f', '@@ -0,0 +1,3 @@', '+x', 'diff --git'),
    ],
    ['counts less than it shows', diff('diff --git a/f b/f', '--- a/f', '+++ b/f', '@@ -0,0 +1 @@', '+x', '+y')],
    ['has other prefixes', diff('diff --git i/f w/f', '--- i/f', '+++ w/f', '@@ -0,0 +1 @@', '+x')],
    ['has no name', diff('diff --git i/f w/f', 'old mode 100644')],
    ['holds colours', diff('\u001b[1mdiff --git a/f b/f\u001b[m')],
    ['quotes a path without end', diff('diff --git a/f b/f', '+++ "b/f')],
  ])('are refused where the text %s', (_, text) => {
    expect(() => parseAddedLines(text)).toThrow(DiffError);
  });

  it('are whatever was written, for any lines', () => {
    const line = fc.string({ unit: fc.constantFrom('+', '-', ' ', '@', '\\', 'd', '\t', '\r', 'ü') });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), fc.array(line), fc.nat(1000), (added, removed, from) => {
        const text = diff(
          'diff --git a/f b/f',
          '--- a/f',
          '+++ b/f',
          `@@ -${from},${removed.length} +${from},${added.length} @@`,
          ...removed.map((text) => `-${text}`),
          ...added.map((text) => `+${text}`),
        );
        expect(parseAddedLines(text).files[0]?.lines).toEqual(
          added.map((text, index) => ({ line: from + index, text })),
        );
      }),
    );
  });
});
