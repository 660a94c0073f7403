import fc from 'fast-check';
import type { PlannedCommit } from '../plan/release-plan';
import { plannedCommit } from '../testing/plan';
import type { ReleaseFacts } from './release-facts';
import { linksOf } from './remote-links';
import { prependChangelog, renderChangelogSection } from './changelog';

const commit = plannedCommit({
  scope: 'api',
  subject: 'filter @here',
  breaking: true,
  breakingNote: 'new port',
  projects: ['backend'],
  demands: 'major',
});

const section = (version: string, entry = 'x'): string =>
  `## [${version}] - 2026-11-22\n\n### Bug Fixes\n\n- ${entry}\n`;

describe('renderChangelogSection', () => {
  const release: ReleaseFacts = { version: '2.0.0', date: '2026-11-22', commits: [commit], since: null };

  it("holds the notes' entries, each with its commit", async () => {
    const fix: PlannedCommit = { ...commit, type: 'fix', scope: null, subject: 'close twice', breaking: false };
    expect(await renderChangelogSection({ ...release, commits: [commit, fix] })).toBe(`## [2.0.0] - 2026-11-22

### ⚠️ Breaking Changes

- api: new port (0123456)

### 🎉 New Features

- api: filter ＠here (0123456)

### 🐛 Bug Fixes

- close twice (0123456)
`);
  });

  it('links commits, issues and all changes where the remote is known', async () => {
    const links = linksOf('git@github.com:acme/shop.git');
    const one = plannedCommit({ subject: 'list tickets (#12)', references: ['#12', 'acme/other#3', 'JIRA-1'] });
    expect(
      await renderChangelogSection({
        ...release,
        commits: [one],
        tag: 'v2.0.0',
        since: { name: 'v1.0.0', tag: 'v1.0.0' },
        links,
      }),
    ).toBe(`## [2.0.0](https://github.com/acme/shop/compare/v1.0.0...v2.0.0) - 2026-11-22

### 🎉 New Features

- list tickets ([#12](https://github.com/acme/shop/issues/12), [acme/other#3](https://github.com/acme/other/issues/3), [0123456](https://github.com/acme/shop/commit/0123456789012345678901234567890123456789))
`);
  });

  it('says so where there is nothing to tell', async () => {
    expect(await renderChangelogSection({ ...release, version: '1.0.1', commits: [] })).toBe(
      '## [1.0.1] - 2026-11-22\n\nNo changes that users would notice.\n',
    );
  });
});

describe('prependChangelog', () => {
  it.each([null, '', '\n \n'])('begins a changelog where there is %j', (content) => {
    expect(prependChangelog(content, section('1.0.0'), '1.0.0')).toBe(
      `# Changelog\n\nWhat changed in each release, newest first.\n\n${section('1.0.0')}`,
    );
  });

  it('puts the section on top of the releases, below introduction and unreleased', () => {
    const head = '# Our changes\n\nAn introduction.\n\n## [Unreleased]\n\n### Added\n\n- y\n\n';
    const tail = '## [1.0.0] - 2025-01-01\n\n- z\n\n[1.0.0]: https://example.test\n';
    expect(prependChangelog(head + tail, section('1.1.0'), '1.1.0')).toBe(`${head}${section('1.1.0')}\n${tail}`);
  });

  it.each([['## 1.0.0 (2020-01-01)\n'], ['### [1.0.0](https://example.test) (2020-01-01)\n'], ['# v1.0.0\n']])(
    'knows %j for a release',
    (heading) => {
      expect(prependChangelog(`# Changelog\n\n${heading}`, section('1.1.0'), '1.1.0')).toBe(
        `# Changelog\n\n${section('1.1.0')}\n${heading}`,
      );
    },
  );

  it('does not take a heading in code for a release', () => {
    const content = '# Changelog\n\n```\n## 1.0.0\n```\n\n## 0.9.0\n';
    expect(prependChangelog(content, section('1.1.0'), '1.1.0')).toBe(
      `# Changelog\n\n\`\`\`\n## 1.0.0\n\`\`\`\n\n${section('1.1.0')}\n## 0.9.0\n`,
    );
  });

  it('appends where there are no releases yet, before link definitions', () => {
    expect(prependChangelog('# Changelog', section('1.0.0'), '1.0.0')).toBe(`# Changelog\n\n${section('1.0.0')}`);
    expect(prependChangelog('# Changelog\n\n[a]: https://example.test\n', section('1.0.0'), '1.0.0')).toBe(
      `# Changelog\n\n${section('1.0.0')}\n[a]: https://example.test\n`,
    );
  });

  it.each(['\n', '\n\n', '\n[a]: https://example.test\n', '\r\n\n'])('comes to an end for %j', (content) => {
    expect(prependChangelog(content + '[b]: c\n', section('1.0.0'), '1.0.0')).toContain('## [1.0.0]');
  });

  it('keeps CRLF and the byte order mark, and takes over line endings', () => {
    const content = '\ufeff# Changelog\r\n\r\n## 1.0.0\r\n\r\n- z\n- mixed\r\n';
    expect(prependChangelog(content, section('1.1.0'), '1.1.0')).toBe(
      `\ufeff# Changelog\r\n\r\n${section('1.1.0').replace(/\n/g, '\r\n')}\r\n## 1.0.0\r\n\r\n- z\n- mixed\r\n`,
    );
    expect(prependChangelog('\ufeff## 1.0.0\n', section('1.1.0'), '1.1.0')).toBe(
      `\ufeff${section('1.1.0')}\n## 1.0.0\n`,
    );
  });

  it('replaces the section of the same version where it stands', () => {
    const before = `# Changelog\n\n${section('2.0.0')}\n`;
    const after = `## [1.0.0] - 2025-01-01\n\n- z\n`;
    expect(prependChangelog(`${before}${section('1.1.0', 'old')}\n${after}`, section('1.1.0', 'new'), '1.1.0')).toBe(
      `${before}${section('1.1.0', 'new')}\n${after}`,
    );
    const definitions = '[1.1.0]: https://example.test\n';
    expect(prependChangelog(`${section('1.1.0', 'old')}\n${definitions}`, section('1.1.0', 'new'), '1.1.0')).toBe(
      `${section('1.1.0', 'new')}\n${definitions}`,
    );
  });

  it('does not take 1.1.0-rc.1 or 1.1.01 for 1.1.0', () => {
    for (const other of ['## [1.1.0-rc.1]\n', '## 11.1.0\n']) {
      expect(prependChangelog(`# Changelog\n\n${other}`, section('1.1.0'), '1.1.0')).toBe(
        `# Changelog\n\n${section('1.1.0')}\n${other}`,
      );
    }
  });

  it('done twice is done once, and keeps all that was there', () => {
    const line = fc.constantFrom(
      '# Changelog',
      '## [Unreleased]',
      '## 1.0.0',
      '### 0.9.0',
      '## Other',
      '- entry',
      '',
      '```',
      '[1.0.0]: https://example.test',
      'text',
    );
    const eol = fc.constantFrom('\n', '\r\n');
    const content = fc.array(fc.tuple(line, eol), { maxLength: 12 }).map((lines) => lines.flat().join(''));
    fc.assert(
      fc.property(content, fc.boolean(), (body, cut) => {
        const original = cut ? body.trimEnd() : body;
        const once = prependChangelog(original, section('1.1.0'), '1.1.0');
        expect(prependChangelog(once, section('1.1.0'), '1.1.0')).toBe(once);
        if (original.trim() === '') return;
        const text = section('1.1.0').trimEnd();
        const at = once.replace(/\r\n/g, '\n').indexOf(text);
        expect(at).toBeGreaterThanOrEqual(0);
        const flat = (value: string): string => value.replace(/\s/g, '');
        expect(flat(once).replace(flat(text), '')).toBe(flat(original));
      }),
      { numRuns: 500 },
    );
  });
});
