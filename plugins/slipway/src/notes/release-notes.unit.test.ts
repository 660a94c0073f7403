import type { PlannedCommit, ReleasePlan } from '../plan/release-plan';
import { plannedCommit, releasePlan } from '../testing/plan';
import { factsOf } from './release-facts';
import { linksOf } from './remote-links';
import { renderNotes, type ReleaseNotes } from './release-notes';
import { sectionOf } from './sections';

function commit(type: string | null, subject: string, change: Partial<PlannedCommit> = {}): PlannedCommit {
  return plannedCommit({ type, subject, projects: ['backend'], demands: 'patch', ...change });
}

const uncounted = { demands: null, skipped: 'is of a type that demands no release', skippedAs: 'type' } as const;

function notes(commits: readonly PlannedCommit[], change: Partial<ReleaseNotes> = {}): Promise<string> {
  return renderNotes({
    version: '1.2.0',
    date: '2026-11-22',
    commits,
    since: { name: 'v1.1.0', tag: 'v1.1.0' },
    tag: 'v1.2.0',
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

const COVERS = '<!-- slipway: covers 012345678901 -->';

describe('renderNotes', () => {
  it("follows the process document's template", async () => {
    const text = await notes(
      [
        commit('docs', 'Updated API docs', uncounted),
        commit('feat', 'filter by state', { scope: 'api' }),
        commit('refactor', 'Better error handling', uncounted),
        commit('fix', 'Fixed issue with X'),
        commit('feat', 'Feature B'),
        commit('perf', 'Enhanced performance'),
        commit('revert', 'feat: Y'),
        commit('chore', 'tidy', { ...uncounted, author: 'Grace', email: 'grace@example.org' }),
      ],
      {
        support: {
          documentation: 'https://docs.example.test',
          issues: 'https://issues.example.test',
          contact: 'help@example.test',
        },
      },
    );
    expect(text).toBe(`# Release v1.2.0

Released on 2026-11-22. Changes since v1.1.0.

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

## 🙏 Contributors
- Ada
- Grace

${COVERS}
`);
  });

  it('links where the remote is known', async () => {
    const text = await notes([commit('feat', 'Feature B (#7)', { references: ['#7'] })], {
      links: linksOf('https://ada:secret@github.com/acme/shop.git'),
    });
    const home = 'https://github.com/acme/shop';
    expect(text).toContain(`Released on 2026-11-22. [Changes since v1.1.0](${home}/compare/v1.1.0...v1.2.0).`);
    expect(text).toContain(
      `- Feature B ([#7](${home}/issues/7), [0123456](${home}/commit/${'0123456789'.repeat(4)}))\n`,
    );
    expect(text).not.toContain('secret');
  });

  it('puts breaking changes first, with what their footers say', async () => {
    const text = await notes([
      commit('feat', 'new port', {
        scope: 'api',
        breaking: true,
        breakingNote:
          'The port is 9000.\nIt was 8000.\n\nChange your proxy:\n\n- nginx,\n  and apache\n- caddy\n\n```nginx\nlisten 9000; # `x`\n```',
      }),
      commit('chore', 'drop Node 18', { breaking: true, demands: 'major' }),
      commit('fix', 'other list', { breaking: true, breakingNote: '1) one\n2) two' }),
    ]);
    expect(text.slice(text.indexOf('## ⚠️'), text.indexOf('- api: new port'))).toBe(`## ⚠️ Breaking Changes
- api: The port is 9000. It was 8000.

  Change your proxy:

  - nginx, and apache
  - caddy

  \`\`\`nginx
  listen 9000; # \`x\`
  \`\`\`
- drop Node 18
- other list

  1. one
  2. two

## 🎉 New Features
`);
  });

  it('has upgrade instructions and support also where nothing is to report', async () => {
    const text = await notes([], { since: null });
    expect(text).toContain('The first release.');
    expect(text).toContain('This release has no changes that its users would notice.');
    expect(text).toContain('## 🚀 Upgrade Instructions\n1. Backup your data');
    expect(text).toContain('## 📞 Support\n- No support links are configured for this project.\n');
    expect(text).not.toContain('🎉');
    expect(text).not.toContain('🙏');
    expect(text).toMatch(/\n<!-- slipway: covers -->\n$/);
  });

  it('tells of a pre-release what is new since the one before, and of the final release all', async () => {
    const commits = [
      commit('feat', 'newer'),
      commit('feat', 'in the first candidate', { prerelease: '1.2.0-rc.1', author: 'Grace', email: 'g@example.org' }),
    ];
    const candidate = await notes(commits, { version: '1.2.0-rc.2', since: { name: 'v1.2.0-rc.1' } });
    expect(candidate).toContain('as a pre-release, to try it out. Changes since v1.2.0-rc.1.');
    expect(candidate).toContain('- newer');
    expect(candidate).not.toContain('candidate\n');
    expect(candidate).not.toContain('Grace');
    expect(await notes(commits)).toContain('- newer\n- in the first candidate\n');
  });

  it('says which project got which version where they differ', async () => {
    const same = { name: 'ui', current: '1.1.0', next: '1.2.0' };
    const text = await notes([], {
      projects: [
        same,
        { name: 'api|x', current: '3.0.0', next: '3.0.1' },
        { name: 'docs', current: '1.0.0', next: '1.0.0' },
      ],
    });
    expect(text).toContain('| Project | Version |\n| --- | --- |\n| ui | 1.2.0 |\n| api\\|x | 3.0.1 |\n\n');
    expect(text).not.toContain('docs');
    expect(await notes([], { projects: [same] })).not.toContain('Project');
  });

  it('tells what a hotfix is, and a version that promises too much', async () => {
    const text = await notes([], { hotfix: true, understated: 'nobody *uses* it' });
    expect(text).toContain('Released on 2026-11-22 as a hotfix. Changes since v1.1.0.');
    expect(text).toContain('its number promises none. The reason given: nobody \\*uses\\* it\n');
  });

  it('thanks each person once, and no program', async () => {
    const text = await notes([
      commit('feat', 'a', { author: 'Ada <b>@here</b>' }),
      commit('feat', 'b', { author: 'ada', email: 'ADA@example.org' }),
      commit('feat', 'c', { author: 'dependabot[bot]', email: 'bot@example.org' }),
      commit('feat', 'd', {
        author: 'Zoë',
        email: 'z@example.org',
        coAuthors: [
          { name: 'Grace', email: 'g@example.org' },
          { name: 'Claudia [bot]', email: 'c@example.org' },
        ],
      }),
      commit('feat', 'e', { author: 'Merger', email: 'm@example.org', skippedAs: 'merge' }),
    ]);
    expect(text).toContain('## 🙏 Contributors\n- Ada &lt;b&gt;＠here&lt;/b&gt;\n- Grace\n- Zoë\n\n<!--');
    expect(text).not.toContain('example.org');
  });

  it('keeps its structure whatever commits say', async () => {
    const text = await notes([
      commit('feat', '# Release v9.9.9 <img src=x> ![a](b) @here\n## 📞 Support', {
        scope: '**x** ::error::',
        breaking: true,
        breakingNote: '```\n# Owned\n@channel',
      }),
    ]);
    expect(text.match(/^#+ .*$/gm)).toEqual([
      '# Release v1.2.0',
      '## ⚠️ Breaking Changes',
      '## 🎉 New Features',
      '## 🚀 Upgrade Instructions',
      '## 📞 Support',
      '## 🙏 Contributors',
    ]);
    expect(text).not.toMatch(/<img|@here|@channel|!\[/);
    expect(text).not.toMatch(/^\s*(?:- )?::/m);
  });
});

describe('factsOf', () => {
  it('begins a final release at the last stable one, and a pre-release at the one before', () => {
    const previous = { version: '1.2.0-rc.1', tag: 'ui-1.2.0-rc.1', commit: 'b'.repeat(40) };
    const plan = { previous, stable: '1.1.0', version: '1.2.0', tag: 'ui-1.2.0' };
    const options = { date: '2026-11-22', remoteUrl: null };
    expect(factsOf(releasePlan(plan), options).since).toEqual({ name: 'v1.1.0', tag: 'ui-1.1.0' });
    const candidate = releasePlan({ ...plan, version: '1.2.0-rc.2', tag: 'ui-1.2.0-rc.2' });
    expect(factsOf(candidate, options).since).toEqual({ name: 'v1.2.0-rc.1', tag: 'ui-1.2.0-rc.1' });
    expect(factsOf(releasePlan({ ...plan, stable: null }), options).since).toBeNull();
  });

  it('makes a reason public only where a version promises too much', () => {
    const options = { date: '2026-11-22', remoteUrl: null };
    const breaking = [plannedCommit({ breaking: true, demands: 'major' })];
    const told = (change: Partial<ReleasePlan>): string | null | undefined =>
      factsOf(releasePlan({ override: 'because', ...change }), options).understated;
    expect(told({ commits: breaking })).toBe('because');
    expect(told({})).toBeNull();
    expect(told({ commits: breaking, type: 'major' })).toBeNull();
  });
});
