import fc from 'fast-check';
import { parseChanges } from './parse-changes';
import { parseCommit } from './parse-commit';
import { hostileMessages } from './testing/hostile';

const headers = (message: string, types?: readonly string[]) =>
  parseChanges(message, types).map(
    ({ type, scope, breaking, subject }) =>
      `${type}${scope === null ? '' : `(${scope})`}${breaking ? '!' : ''}: ${subject}`,
  );

describe('parseChanges', () => {
  it('gives the change of an ordinary message, and none of an unconventional one', () => {
    const message = 'feat(a): x\n\nBody of it.\n\nBREAKING CHANGE: y\nRefs: #1';
    expect(parseChanges(message)).toEqual([parseCommit(message)]);
    expect(parseChanges('Merge branch main')).toEqual([]);
    expect(parseChanges('')).toEqual([]);
  });

  it('reads a squash-merge of GitHub: a list with bodies, footers and co-authors', () => {
    const message = [
      'Filters for tickets (#12)',
      '',
      '* feat(api): filter tickets',
      '',
      'By state and owner.',
      '',
      '- with an index',
      '',
      'BREAKING CHANGE: the old query is gone',
      '',
      '* wip',
      '',
      '* fix: close the menu',
      '',
      'Closes #7',
      '',
      '---------',
      '',
      'Co-authored-by: Ada <ada@example.test>',
    ].join('\n');
    expect(parseChanges(message)).toEqual([
      expect.objectContaining({
        type: 'feat',
        scope: 'api',
        breaking: true,
        breakingNote: expect.stringContaining('the old query is gone'),
        references: [],
      }),
      expect.objectContaining({
        type: 'fix',
        breaking: false,
        footers: [{ token: 'Closes', value: '#7' }],
        references: ['#7'],
      }),
    ]);
  });

  it('counts a conventional title as well, unless it repeats an entry, and loses nothing of either', () => {
    const list = '* feat: filter tickets\n\nRefs: #7\n\n* fix: menu';
    expect(headers(`feat: all new (#12)\n\n${list}`)).toEqual([
      'feat: all new (#12)',
      'feat: filter tickets',
      'fix: menu',
    ]);
    expect(parseChanges(`feat!: Filter tickets (#12)\n\n${list}`)).toEqual([
      expect.objectContaining({ type: 'feat', breaking: true, references: ['#12', '#7'] }),
      expect.objectContaining({ type: 'fix', breaking: false }),
    ]);
    expect(headers('Things\n\n* fix: a\n\n* fix: a\n\nBREAKING CHANGE: b')).toEqual(['fix!: a']);
  });

  it('reads a squash-merge of GitLab: a list with indented bodies, or with dashes', () => {
    const message = 'Merge things\n\n* feat: one\n\n  Body.\n\n  BREAKING CHANGE: gone\n  and away\n\n* fix: two';
    expect(parseChanges(message)).toEqual([
      expect.objectContaining({ subject: 'one', breaking: true, breakingNote: 'gone\nand away' }),
      expect.objectContaining({ subject: 'two', breaking: false }),
    ]);
    expect(headers('Things\n\n- fix: one\n- docs: two\n\nSee merge request group/project!12')).toEqual([
      'fix: one',
      'docs: two',
    ]);
  });

  it('reads a squash-merge of Bitbucket, and plain lines', () => {
    expect(
      headers('Merged in filters (pull request #12)\n\nFilters\n\n* feat: one\n\n* fix: two\n\nApproved-by: Ada'),
    ).toEqual(['feat: one', 'fix: two']);
    expect(headers('Filters\n\nfeat: one\nfix(b): two\n\nchore!: three')).toEqual([
      'feat: one',
      'fix(b): two',
      'chore!: three',
    ]);
    expect(headers('Merge pull request #12 from filters\n\nfeat: filters')).toEqual(['feat: filters']);
  });

  it('gives what follows a dense list to the message itself', () => {
    const message = 'feat: new API\n\nIn short:\n* fix: one\n* docs: two\n\nBREAKING CHANGE: the port\nRefs: #1';
    expect(headers(message)).toEqual(['feat!: new API', 'fix: one', 'docs: two']);
    expect(parseChanges(message)[0]).toMatchObject({ breakingNote: 'the port', references: ['#1'] });
  });

  it('reads reverts in a list', () => {
    expect(parseChanges('Undo\n\n* Revert "feat: x"\n\nThis reverts commit 0123456.\n\n* fix: y')).toEqual([
      expect.objectContaining({ type: 'revert', subject: 'feat: x', reverts: ['0123456'] }),
      expect.objectContaining({ type: 'fix', reverts: [] }),
    ]);
  });

  it.each([
    ['a bullet that is no change', 'feat: x\n\n* note: see the docs\n* warning: hot'],
    ['a bullet with words before the colon', 'feat: x\n\n* the fix: was simple'],
    ['an indented bullet', 'feat: x\n\n  * fix: y'],
    ['a bullet of a fixup', 'feat: x\n\n* fixup! fix: y'],
    ['a single plain line, which may be a footer', 'feat: x\n\nfix: #12'],
    ['plain lines with capitals, which may be footers', 'feat: x\n\nFix: #12\nDocs: https://example.test'],
    ['plain lines within a paragraph', 'feat: x\n\nThere are two kinds,\nfix: y\nfeat: z'],
    ['a heading of GitHub’s separator', 'feat: x\n\n---------\n\nCo-authored-by: Ada <ada@example.test>'],
  ])('takes %s for text', (_, message) => {
    expect(parseChanges(message)).toEqual([parseCommit(message)]);
  });

  it('takes configured types for changes as well', () => {
    const message = 'Things\n\n* note: one\n* fix: two';
    expect(headers(message)).toEqual(['fix: two']);
    expect(headers(message, ['note'])).toEqual(['note: one', 'fix: two']);
  });

  it('reads back any list, whichever way it is written', () => {
    const word = fc.stringMatching(/^[a-z]{2,8}$/);
    const change = fc.record({
      type: fc.constantFrom('feat', 'fix', 'docs', 'perf'),
      subject: word,
      note: fc.option(word),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(change, { minLength: 2, maxLength: 5, selector: ({ type, subject }) => `${type}: ${subject}` }),
        fc.constantFrom('* ', '- ', ''),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (changes, bullet, end, indent) => {
          const gap = indent && bullet !== '' ? '\n\n  ' : '\n\n';
          const entries = changes.map(
            ({ type, subject, note }) =>
              `${bullet}${type}: ${subject}${note === null ? '' : `${gap}BREAKING CHANGE: ${note}`}`,
          );
          const message = ['Many things (#1)', ...entries].join('\n\n').replaceAll('\n', end);
          expect(
            parseChanges(message).map(({ type, subject, breakingNote }) => ({ type, subject, note: breakingNote })),
          ).toEqual(changes);
        },
      ),
    );
  });

  it('never throws, and takes time in proportion to hostile messages', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseChanges(text)));
    const started = performance.now();
    for (const message of hostileMessages) parseChanges(message);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
