import type { PlannedCommit } from '../plan/release-plan';
import { plannedCommit } from '../testing/plan';
import { notesFromRange, renderNotes, type ReleaseNotes } from './release-notes';
import { sectionOf } from './sections';

function commit(type: string | null, subject: string, change: Partial<PlannedCommit> = {}): PlannedCommit {
  return plannedCommit({ type, subject, projects: ['backend'], demands: 'patch', ...change });
}

const uncounted = { demands: null, skipped: 'is of a type that demands no release', skippedAs: 'type' } as const;

function notes(commits: readonly PlannedCommit[], change: Partial<ReleaseNotes> = {}): string {
  return renderNotes({
    version: '1.2.0',
    date: '2026-11-22',
    commits,
    previous: { version: '1.1.0' },
    support: {},
    ...change,
  });
}

describe('sectionOf', () => {
  it.each([
    ['feat', 'features'],
    ['fix', 'fixes'],
    ['security', 'fixes'],
    ['revert', 'fixes'],
    ['perf', 'improvements'],
    ['refactor', 'improvements'],
    ['docs', 'documentation'],
    ['chore', null],
    ['ci', null],
    [null, null],
  ])('puts %s into %s', (type, section) => {
    expect(sectionOf(commit(type, 'x'))).toBe(section);
  });

  it.each(['merge', 'release', 'outside', 'reverted'] as const)('leaves out what was skipped as %s', (skippedAs) => {
    expect(sectionOf(commit('feat', 'x', { demands: null, skipped: 'why', skippedAs }))).toBeNull();
  });

  it('leaves out what touches no project', () => {
    expect(sectionOf(commit('docs', 'x', { ...uncounted, projects: [] }))).toBeNull();
  });
});

describe('renderNotes', () => {
  it("follows the process document's template", () => {
    const text = notes(
      [
        commit('docs', 'Updated API docs', uncounted),
        commit('feat', 'filter by state', { scope: 'api' }),
        commit('refactor', 'Better error handling', uncounted),
        commit('fix', 'Fixed issue with X'),
        commit('feat', 'Feature B'),
        commit('perf', 'Enhanced performance'),
        commit('revert', 'feat: Y'),
        commit('chore', 'tidy', uncounted),
      ],
      {
        support: {
          documentation: 'https://docs.example.test',
          issues: 'https://issues.example.test',
          contact: 'help@example.test',
        },
        compareUrl: 'https://code.example.test/compare/v1.1.0...v1.2.0',
      },
    );
    expect(text).toBe(`# Release v1.2.0

Released on 2026-11-22. Changes since v1.1.0: <https://code.example.test/compare/v1.1.0...v1.2.0>.

## 🎉 New Features
- api: filter by state
- Feature B

## 🐛 Bug Fixes
- Fixed issue with X
- Reverted: feat: Y

## 🔧 Improvements
- Better error handling
- Enhanced performance

## 📚 Documentation
- Updated API docs

## 🚀 Upgrade Instructions
1. Backup your data
2. Update dependencies
3. Run migrations
4. Deploy new version

## 📞 Support
- Documentation: <https://docs.example.test>
- Issues: <https://issues.example.test>
- Support: <help@example.test>
`);
  });

  it('puts breaking changes first, with what their footers say', () => {
    const text = notes([
      commit('feat', 'new port', {
        scope: 'api',
        breaking: true,
        breakingNote: 'The port is 9000.\n\nChange your proxy.',
      }),
      commit('chore', 'drop Node 18', { breaking: true, demands: 'major' }),
    ]);
    expect(text.split('\n').slice(4, 11)).toEqual([
      '## ⚠ Breaking Changes',
      '- api: The port is 9000. Change your proxy.',
      '- drop Node 18',
      '',
      '## 🎉 New Features',
      '- api: new port',
      '',
    ]);
  });

  it('has upgrade instructions and support also where nothing is to report', () => {
    const text = notes([], { previous: null });
    expect(text).toContain('The first release.');
    expect(text).toContain('This release has no changes that its users would notice.');
    expect(text).toContain('## 🚀 Upgrade Instructions\n1. Backup your data');
    expect(text).toContain('## 📞 Support\n- No support links are configured for this project.\n');
    expect(text).not.toContain('🎉');
  });

  it('keeps its structure whatever commits say', () => {
    const text = notes([
      commit('feat', '# Release v9.9.9 <img src=x> ![a](b) @here\n## 📞 Support', {
        scope: '**x** ::error::',
        breaking: true,
        breakingNote: '```\n# Owned\n@channel',
      }),
    ]);
    expect(text.match(/^#+ .*$/gm)).toEqual([
      '# Release v1.2.0',
      '## ⚠ Breaking Changes',
      '## 🎉 New Features',
      '## 🚀 Upgrade Instructions',
      '## 📞 Support',
    ]);
    expect(text).not.toMatch(/<img|@here|@channel|!\[/);
    expect(text).not.toMatch(/^\s*(?:- )?::/m);
  });
});

describe('notesFromRange', () => {
  it('writes notes of history itself', () => {
    const base = {
      id: 'a'.repeat(40),
      parents: [],
      author: 'Ada',
      email: 'ada@example.test',
      date: '2026-11-22T10:00:00+00:00',
    };
    const text = notesFromRange(
      [
        { ...base, message: 'feat(api): filter', files: ['packages/backend/a.py'] },
        { ...base, message: 'feat: elsewhere', files: ['tools/x.mjs'] },
        { ...base, message: 'Merge', files: [], parents: ['a', 'b'] },
      ],
      {
        version: '1.1.0',
        date: '2026-11-22',
        previous: null,
        support: {},
        projects: [{ name: 'backend', root: 'packages/backend' }],
      },
    );
    expect(text).toContain('# Release v1.1.0');
    expect(text).toContain('## 🎉 New Features\n- api: filter\n\n## 🚀');
  });
});
