import fc from 'fast-check';
import { parseCommit } from './parse-commit';
import { hostileMessages } from './testing/hostile';

describe('parseCommit', () => {
  describe('header', () => {
    it.each([
      ['feat: add filter', { type: 'feat', scope: null, subject: 'add filter', breaking: false }],
      ['FIX(api): close', { type: 'fix', scope: 'api', subject: 'close', breaking: false }],
      ['feat!: drop v1', { type: 'feat', scope: null, subject: 'drop v1', breaking: true }],
      ['Refactor(api, web)!: split', { type: 'refactor', scope: 'api, web', subject: 'split', breaking: true }],
      ['build-image: slim', { type: 'build-image', scope: null, subject: 'slim', breaking: false }],
      [
        'fix:  two spaces: and a colon',
        { type: 'fix', scope: null, subject: 'two spaces: and a colon', breaking: false },
      ],
    ])('reads %j', (message, expected) => {
      expect(parseCommit(message)).toMatchObject(expected);
    });

    it.each([
      [''],
      ['   \n\n'],
      ['add filter'],
      ['feat:add filter'],
      ['feat : add filter'],
      ['feat(): add filter'],
      ['feat( ): add filter'],
      ['feat(a)(b): add filter'],
      ['feat:'],
      ['feat: '],
      ['!: x'],
      ['two words: x'],
      ["Merge branch 'x': y"],
      ['not conventional\n\nfeat: in the body'],
    ])('does not take %j for conventional', (message) => {
      expect(parseCommit(message)).toBeNull();
    });

    it('takes out what would act on a terminal', () => {
      expect(parseCommit('fix(\u001b[31mapi): a\u001b[2Jb')).toMatchObject({ scope: 'api', subject: 'ab' });
    });
  });

  describe('breaking changes', () => {
    it.each([['BREAKING CHANGE'], ['BREAKING-CHANGE']])('reads a %s footer', (token) => {
      expect(parseCommit(`fix: x\n\nBody.\n\n${token}: the port is\nanother one`)).toMatchObject({
        type: 'fix',
        breaking: true,
        breakingNote: 'the port is\nanother one',
      });
    });

    it('reads it with CRLF line endings', () => {
      expect(parseCommit('fix: x\r\n\r\nBody.\r\n\r\nBREAKING CHANGE: gone\r\nReviewed-by: Z\r\n')).toMatchObject({
        subject: 'x',
        breakingNote: 'gone',
        footers: [
          { token: 'BREAKING CHANGE', value: 'gone' },
          { token: 'Reviewed-by', value: 'Z' },
        ],
      });
    });

    it('reads one directly after the header, between other footers and over paragraphs', () => {
      expect(parseCommit('fix: x\n\nRefs: #1\nBREAKING CHANGE: a\n\nb\nFixes #12')).toMatchObject({
        breakingNote: 'a\n\nb',
        footers: [
          { token: 'Refs', value: '#1' },
          { token: 'BREAKING CHANGE', value: 'a\n\nb' },
          { token: 'Fixes', value: '#12' },
        ],
      });
    });

    it('reads a footer whose space git stripped at the end of the line', () => {
      expect(parseCommit('fix: x\n\nBREAKING CHANGE:\ngone')).toMatchObject({ breaking: true, breakingNote: 'gone' });
    });

    it('joins several', () => {
      expect(parseCommit('fix: x\n\nBREAKING CHANGE: a\nBREAKING-CHANGE: b')?.breakingNote).toBe('a\n\nb');
    });

    it.each([
      ['lower case', 'fix: x\n\nbreaking change: y'],
      ['lower case with a dash', 'fix: x\n\nbreaking-change: y'],
      ['mixed case', 'fix: x\n\nBreaking Change: y'],
      ['a line amid a paragraph', 'docs: x\n\nWrite a footer such as\nBREAKING CHANGE: y\nat the end.'],
      ['no empty line before it', 'fix: x\nBREAKING CHANGE: y'],
      ['an indented line', 'docs: x\n\n    BREAKING CHANGE: y'],
      ['no text', 'fix: x\n\nBREAKING CHANGE: '],
      ['no separator', 'fix: x\n\nBREAKING CHANGE 12'],
      ['no space after the colon', 'fix: x\n\nBREAKING CHANGE:y'],
      ['white space before it', 'fix: x\n\n BREAKING CHANGE: y'],
      ['lower case with a number', 'fix: x\n\nbreaking change #12'],
      ['a number instead of a colon (rule 12)', 'fix: x\n\nBREAKING CHANGE #12'],
      ['a dash and a number', 'fix: x\n\nBREAKING-CHANGE #12'],
      ['part of a sentence', 'docs: x\n\nA BREAKING CHANGE: y'],
      ['the subject', 'docs: BREAKING CHANGE: y'],
    ])('does not take %s for one', (_, message) => {
      expect(parseCommit(message)).toMatchObject({ breaking: false, breakingNote: null });
    });

    it("keeps git's cherry-pick line out of the text", () => {
      expect(parseCommit('fix: x\n\nBREAKING CHANGE: y\n(cherry picked from commit 0123456789)')?.breakingNote).toBe(
        'y',
      );
    });

    it('has no note where only the mark says it', () => {
      expect(parseCommit('fix!: x\n\nBody.')).toMatchObject({ breaking: true, breakingNote: null });
    });
  });

  describe('reverts', () => {
    it("reads git's own message", () => {
      expect(
        parseCommit('Revert "feat(api): filter"\n\nThis reverts commit 0123456789abcdef0123456789abcdef01234567.'),
      ).toMatchObject({
        type: 'revert',
        subject: 'feat(api): filter',
        reverts: ['0123456789abcdef0123456789abcdef01234567'],
        breaking: false,
      });
    });

    it.each([
      ['Revert "Revert "feat: x""', 'Revert "feat: x"'],
      ['Reapply "feat: x"', 'Revert "feat: x"'],
      ['Reapply "Reapply "feat: x""', 'Revert "Reapply "feat: x""'],
      ['Revert "feat: x (#12)" (#13)', 'feat: x (#12)'],
      ['Undo it', 'Undo it'],
    ])('reads %j as one of %j', (header, subject) => {
      const message = `${header}\n\nThis reverts commit 0123456789abcdef0123456789abcdef01234567.\n`;
      expect(parseCommit(message)).toMatchObject({
        type: 'revert',
        subject,
        reverts: ['0123456789abcdef0123456789abcdef01234567'],
      });
    });

    it('reads the revert of a merge as one of what it merged, not of what it merged into', () => {
      expect(
        parseCommit(
          `Revert "Merge branch 'x'"\n\nThis reverts commit 1111111111111111111111111111111111111111, reversing\nchanges made to 2222222222222222222222222222222222222222.\n`,
        )?.reverts,
      ).toEqual(['1111111111111111111111111111111111111111']);
    });

    it('reads the abbreviated form of git revert --reference, and several', () => {
      expect(
        parseCommit(
          'revert: two things\n\nThis reverts commit 0123456 (feat: x, 2024-01-01).\nThis reverts commit 89abcde (feat: y, 2024-01-02).\n\nRefs: 0123456',
        )?.reverts,
      ).toEqual(['0123456', '89abcde']);
    });

    it('reads the type with references', () => {
      expect(parseCommit('revert: let us never speak of it\n\nRefs: 676104e, a215868')).toMatchObject({
        type: 'revert',
        reverts: ['676104e', 'a215868'],
      });
    });

    it('does not take references of other types for reverts', () => {
      expect(parseCommit('fix: x\n\nRefs: 676104e')?.reverts).toEqual([]);
    });

    it('does not take the subject alone for one, nor a mention', () => {
      expect(parseCommit('Revert "feat: x"')).toBeNull();
      expect(parseCommit('Change\n\nIn short: This reverts commit 0123456.')).toBeNull();
    });
  });

  it.each([['fixup'], ['squash'], ['amend']])('does not take a %s commit for conventional', (prefix) => {
    expect(parseCommit(`${prefix}! feat: x`)).toBeNull();
    expect(parseCommit(`${prefix}! ${prefix}! feat: x\n\nBREAKING CHANGE: y`)).toBeNull();
    expect(parseCommit(`${prefix}! Revert "feat: x"\n\nThis reverts commit 0123456.`)).toBeNull();
  });

  describe('footers', () => {
    it.each([
      ['one', 'Reviewed-by: Z', [['Reviewed-by', 'Z']]],
      ['a number', 'Closes #12', [['Closes', '#12']]],
      [
        'several lines and paragraphs',
        'Note: a\n b\n\nc\nRefs: #1',
        [
          ['Note', 'a\n b\n\nc'],
          ['Refs', '#1'],
        ],
      ],
      ['a colon in its text', 'See: here: there', [['See', 'here: there']]],
      ['letters of other scripts', 'Geprüft-von: Z', [['Geprüft-von', 'Z']]],
      ['a token in its text', 'Note: see Refs: #1', [['Note', 'see Refs: #1']]],
      ['white space in the token, which makes it text', 'Reviewed by: Z', []],
      ['no space after the colon, which makes it text', 'Reviewed-by:Z', []],
      ['a URL, which is text', 'https://example.test', []],
      ['a number without a mark, which is text', 'Closes 12', []],
    ])('with %s', (_, text, expected) => {
      for (const message of [`fix: x\n\n${text}`, `fix: x\n\nBody.\n\n${text}`, `fix: x\n\n\n${text}\n\n`]) {
        for (const written of [message, message.replaceAll('\n', '\r\n')]) {
          expect(parseCommit(written)?.footers.map(({ token, value }) => [token, value])).toEqual(expected);
        }
      }
    });

    it('need an empty line before the first', () => {
      expect(parseCommit('fix: x\nRefs: #1')?.footers).toEqual([]);
      expect(parseCommit('fix: x\n\nBody\nRefs: #1')?.footers).toEqual([]);
    });
  });

  it('reads back what was written by the rules, in any case and with either line ending', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
    const words = fc.array(word, { minLength: 1, maxLength: 4 }).map((list) => list.join(' '));
    const token = fc.stringMatching(/^[A-Z][a-z]{1,6}(?:-[a-z]{1,6})?$/);
    const footer = fc.record({
      token: fc.oneof(token, fc.constantFrom('BREAKING CHANGE', 'BREAKING-CHANGE')),
      value: fc
        .array(words, { minLength: 1, maxLength: 3 })
        .chain((lines) => fc.constantFrom('\n', '\n\n').map((end) => lines.join(end))),
    });
    const parts = fc.record({
      type: fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,8}$/),
      scope: fc.option(words),
      mark: fc.boolean(),
      subject: words,
      body: fc.array(words, { maxLength: 2 }),
      footers: fc.array(footer, { maxLength: 3 }),
      end: fc.constantFrom('\n', '\r\n'),
    });
    fc.assert(
      fc.property(parts, ({ type, scope, mark, subject, body, footers, end }) => {
        const header = `${type}${scope === null ? '' : `(${scope})`}${mark ? '!' : ''}: ${subject}`;
        const tail = footers.map((one) => `${one.token}: ${one.value}`).join('\n');
        const message = [header, ...body, ...(tail === '' ? [] : [tail])].join('\n\n').replaceAll('\n', end);
        const notes = footers.filter((one) => one.token.startsWith('BREAKING')).map(({ value }) => value);
        expect(parseCommit(message)).toEqual({
          type: type.toLowerCase(),
          scope,
          subject,
          breaking: mark || notes.length > 0,
          breakingNote: notes.length > 0 ? notes.join('\n\n') : null,
          footers,
          reverts: [],
          references: [],
        });
      }),
    );
  });

  it('never throws, and gives one clean line as subject', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (subject, body) => {
        const commit = parseCommit(`fix: x${subject}\n\n${body}`);
        expect(commit?.subject).not.toMatch(/[\n\r\u001b]/);
        expect(commit?.type).toBe('fix');
      }),
    );
  });

  it('takes time in proportion to hostile messages', () => {
    const started = performance.now();
    for (const message of hostileMessages) parseCommit(message);
    // They take a second or two; what looks at the same text again and again takes minutes.
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});
