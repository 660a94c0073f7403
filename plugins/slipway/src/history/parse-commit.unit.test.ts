import fc from 'fast-check';
import { parseCommit } from './parse-commit';

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
      ['no colon', 'fix: x\n\nBREAKING CHANGE #12'],
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

  it('never throws, and gives one clean line as subject', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (subject, body) => {
        const commit = parseCommit(`fix: x${subject}\n\n${body}`);
        expect(commit?.subject).not.toMatch(/[\n\r\u001b]/);
        expect(commit?.type).toBe('fix');
      }),
    );
  });

  it('stays fast on a hostile message', () => {
    const started = performance.now();
    parseCommit(`fix(${' '.repeat(200_000)}`);
    parseCommit(`fix: x\n\nToken: ${' '.repeat(200_000)}\nBREAKING CHANGE${' '.repeat(200_000)}`);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
