import fc from 'fast-check';
import type { PlannedCommit, SkipKind } from '../plan/release-plan';
import { plannedCommit } from '../testing/plan';
import { writeRelease } from './preset';
import { isBreaking, SECTIONS, sectionOf } from './sections';

const FRAME = { heading: '## [1.0.0] - 2026-11-22', before: [], after: [] };
const STYLE = { level: '###', airy: true, links: null, ids: true };

function write(commits: readonly PlannedCommit[]): Promise<string> {
  return writeRelease(FRAME, commits, STYLE);
}

describe('writeRelease', () => {
  const skip = fc.constantFrom<SkipKind>(
    'merge',
    'release',
    'unconventional',
    'outside',
    'ignored',
    'reverted',
    'type',
  );
  const commits = fc.array(
    fc
      .record({
        type: fc.constantFrom('feat', 'fix', 'security', 'revert', 'perf', 'refactor', 'docs', 'chore', null),
        breaking: fc.boolean(),
        skippedAs: fc.option(skip, { nil: undefined }),
        // Twice the same, as a squash-merge has it; and the words that the writer and its filter look for.
        id: fc.constantFrom('a'.repeat(40), 'b'.repeat(40)),
        words: fc.constantFrom(
          'x',
          'feat: x',
          'This reverts commit aaaaaaa.',
          '{{entry}}',
          '{{#each commits}}',
          '{{{frame}}}',
        ),
        // The writer would cut at 100 characters.
        length: fc.constantFrom(0, 200),
      })
      .map(({ words, length, skippedAs, ...change }) => ({
        ...change,
        ...(skippedAs === undefined ? {} : { skippedAs, demands: null, skipped: 'why' }),
        subject: words + 'y'.repeat(length),
      })),
    { maxLength: 12 },
  );

  it('tells what the plan decided: all of it, nothing else, in its order', async () => {
    await fc.assert(
      fc.asyncProperty(commits, async (changes) => {
        const planned = changes.map((change, index) =>
          plannedCommit({ ...change, subject: `${change.subject} ${index}` }),
        );
        const told = (list: readonly PlannedCommit[]): string[] =>
          list.map((commit) => `${commit.type === 'revert' ? 'Reverted: ' : ''}${commit.subject}`);
        const expected = [
          ...planned.filter(isBreaking).map(({ subject }) => subject),
          ...SECTIONS.flatMap(({ id }) => told(planned.filter((commit) => sectionOf(commit) === id))),
        ];
        const text = await write(planned);
        const entries = [...text.matchAll(/^- (.*) \((?:aaaaaaa|bbbbbbb)\)$/gm)].map((match) => match[1]);
        expect(entries).toEqual(expected);
        expect(text.startsWith(`${FRAME.heading}\n`)).toBe(true);
        expect(text.endsWith('\n') && !text.endsWith('\n\n')).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps styles apart that are at work at once', async () => {
    const [changelog, notes] = await Promise.all([
      write([plannedCommit()]),
      writeRelease({ ...FRAME, heading: '# Notes' }, [plannedCommit()], { ...STYLE, level: '##', airy: false }),
    ]);
    expect(changelog).toContain('\n\n### 🎉 New Features\n\n- list tickets (0123456)\n');
    expect(notes).toBe('# Notes\n\n## 🎉 New Features\n- list tickets (0123456)\n');
  });
});
