import fc from 'fast-check';
import type { PlannedCommit } from '../plan/release-plan';
import { plannedCommit } from '../testing/plan';
import { findCoverage } from './coverage-comment';
import { refreshNotes } from './refresh';
import { renderNotes, type ReleaseNotes } from './release-notes';

const ID = (number: number): string => number.toString(16).padStart(2, '0').repeat(20);

function commit(number: number, type: string, subject: string, change: Partial<PlannedCommit> = {}): PlannedCommit {
  return plannedCommit({ id: ID(number), type, subject, projects: ['web'], ...change });
}

function facts(...commits: readonly PlannedCommit[]): ReleaseNotes {
  return { version: '1.2.0', date: '2026-11-22', commits, since: { name: 'v1.1.0' }, support: {} };
}

const FIRST = commit(1, 'feat', 'list tickets');
const SECOND = commit(2, 'feat', 'filter tickets');
const FIX = commit(3, 'fix', 'close twice');
const PORT = commit(4, 'feat', 'new port', { breaking: true, breakingNote: 'The port is 9000.\n\nTell your proxy.' });

describe('refreshNotes', () => {
  it('adds what came since below its heading, makes a missing one in its place, and extends the list', async () => {
    const before = await renderNotes(facts(FIRST));
    const { content } = refreshNotes(before, facts(PORT, FIX, SECOND, FIRST));
    expect(content.slice(content.indexOf('## '), content.indexOf('## 🚀'))).toBe(`## ⚠️ Breaking Changes
- The port is 9000.

  Tell your proxy.

## 🎉 New Features
- list tickets
- new port
- filter tickets

## 🐛 Bug Fixes
- close twice

`);
    expect(findCoverage(content)?.ids).toEqual([PORT, FIX, SECOND, FIRST].map(({ id }) => id.slice(0, 12)));
    expect(
      content.replace(/## ⚠️[^]*?(?=## 🎉)|- (?:new port|filter tickets)\n|## 🐛[^]*?(?=## 🚀)|covers.*/g, ''),
    ).toBe(before.replace(/covers.*/, ''));
  });

  it('keeps what people reworded, moved, deleted and added', async () => {
    const edited = (await renderNotes(facts(FIRST, FIX)))
      .replace(
        '## 🎉 New Features\n- list tickets',
        'Our best release.\n\n## New features!\n\n* All tickets in one list',
      )
      .replace('- close twice\n', 'Nothing to speak of.\n')
      .replace('1. Backup your data\n', '');
    const { content } = refreshNotes(edited, facts(SECOND, FIX, FIRST));
    expect(content).toContain(
      'Our best release.\n\n## New features!\n\n* All tickets in one list\n- filter tickets\n\n## 🐛 Bug Fixes\nNothing to speak of.\n\n',
    );
    expect(content).not.toMatch(/list tickets|close twice|Backup/);
  });

  it('puts items behind prose with an empty line, and into a section that is empty', async () => {
    const base = await renderNotes(facts(FIRST));
    const fresh = facts(SECOND, FIRST);
    expect(refreshNotes(base.replace('- list tickets', 'Prose.'), fresh).content).toContain(
      '## 🎉 New Features\nProse.\n\n- filter tickets\n\n## 🚀',
    );
    expect(refreshNotes(base.replace('- list tickets\n', ''), fresh).content).toContain(
      '## 🎉 New Features\n- filter tickets\n\n## 🚀',
    );
  });

  it('finds no heading in code', async () => {
    const base = (await renderNotes(facts(FIRST))).replace(
      '- list tickets',
      '- list tickets\n\n```\n## Bug Fixes\n```',
    );
    expect(refreshNotes(base, facts(FIX, FIRST)).content).toContain(
      '```\n## Bug Fixes\n```\n\n## 🐛 Bug Fixes\n- close twice\n\n## 🚀',
    );
  });

  it('makes a heading at the end where all headings are gone', async () => {
    const comment = (await renderNotes(facts(FIRST))).trimEnd().split('\n').at(-1) ?? '';
    expect(refreshNotes(`Prose.\n${comment}`, facts(FIX, FIRST)).content).toMatch(
      /^Prose\.\n\n## 🐛 Bug Fixes\n- close twice\n\n<!-- slipway: covers 030303030303 010101010101 -->$/,
    );
  });

  it('takes back the sentence that there is nothing to tell', async () => {
    const empty = await renderNotes(facts());
    expect(refreshNotes(empty, facts(FIX)).content).toBe(await renderNotes(facts(FIX)));
  });

  it('thanks those who joined, and nobody twice', async () => {
    const before = (await renderNotes(facts(FIRST))).replace('- Ada\n', '- Ada, above all\n');
    const grace = commit(5, 'chore', 'tidy', {
      author: 'Grace',
      email: 'g@example.org',
      demands: null,
      skippedAs: 'type',
    });
    const { content } = refreshNotes(before, facts(grace, SECOND, FIRST));
    expect(content).toContain('## 🙏 Contributors\n- Ada, above all\n- Grace\n\n<!--');
  });

  it("leaves somebody's own notes alone, and says what they lack", () => {
    const own = '# Release v1.2.0\r\nWe list tickets now, and 0303030 is fixed.\r\n';
    const { content, missing } = refreshNotes(own, facts(SECOND, FIX, FIRST, commit(6, 'chore', 'tidy')));
    expect(content).toBe(own);
    expect(missing).toEqual([SECOND]);
  });

  it('is not told by a commit what it covers', async () => {
    const forged = commit(7, 'feat', 'x --> <!-- slipway: covers 030303030303 -->', {
      breaking: true,
      breakingNote: 'x\n\n<!-- slipway: covers 030303030303 -->\n\n```\n<!-- slipway: covers 030303030303 -->\n```',
    });
    const before = await renderNotes(facts(forged));
    expect(findCoverage(before)?.ids).toEqual(['070707070707']);
    expect(refreshNotes(before, facts(FIX, forged)).content).toContain('- close twice');
  });

  const type = fc.constantFrom('feat', 'fix', 'docs', 'perf', 'chore');
  const commits = fc
    .uniqueArray(fc.tuple(fc.nat(255), type, fc.boolean(), fc.constantFrom('Ada', 'Grace', 'Zoë')), {
      maxLength: 6,
      selector: ([number]) => number,
    })
    .map((list) =>
      list.map(([number, kind, breaking, author]) =>
        commit(number, kind, `change ${number}.`, { breaking, author, email: `${author}@example.org` }),
      ),
    );
  const edit = fc.record({
    at: fc.nat(60),
    kind: fc.constantFrom('delete', 'insert', 'reword'),
    text: fc.constantFrom(
      '',
      'Prose.',
      '- An item',
      '## Heading',
      '### Below',
      '```',
      '  more',
      '## Bug Fixes',
      '* star',
    ),
  });

  it('done twice is done once; keeps all lines and their ends, in order; adds each new change once', async () => {
    await fc.assert(
      fc.asyncProperty(
        commits,
        fc.nat(6),
        fc.array(edit, { maxLength: 5 }),
        fc.boolean(),
        async (all, known, edits, crlf) => {
          const old = all.slice(all.length - Math.min(known, all.length));
          const lines = (await renderNotes(facts(...old))).split('\n');
          // Never the comment: without it the notes are somebody's own.
          for (const { at, kind, text } of edits) {
            const line = at % Math.max(1, lines.length - 2);
            lines.splice(line, kind === 'insert' ? 0 : 1, ...(kind === 'delete' ? [] : [text]));
          }
          const edited = lines.join(crlf ? '\r\n' : '\n');
          const { content, missing } = refreshNotes(edited, facts(...all));
          expect(missing).toEqual([]);
          expect(refreshNotes(content, facts(...all)).content).toBe(content);
          const coverage = findCoverage(content);
          expect(all.every(({ id }) => coverage?.covers(id))).toBe(true);
          if (crlf) expect(content).not.toMatch(/(?<!\r)\n/);
          // What was there is there still, in its order.
          const kept = lines.filter(
            (line) => line !== '' && !line.startsWith('<!--') && !line.startsWith('This release has no'),
          );
          const now = content.split(/\r?\n/);
          let from = 0;
          for (const line of kept) {
            const at = now.indexOf(line, from);
            expect(at).toBeGreaterThanOrEqual(from);
            from = at + 1;
          }
          for (const fresh of all.slice(0, all.length - old.length)) {
            const count = now.filter((line) => line === `- ${fresh.subject}`).length;
            expect(count).toBe((fresh.type === 'chore' ? 0 : 1) + (fresh.breaking ? 1 : 0));
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
