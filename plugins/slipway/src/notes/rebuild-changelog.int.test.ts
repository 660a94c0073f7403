import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ReleaseLine } from '../config/groups';
import { readReleaseHistory } from '../history/release-history';
import { tagOfVersion } from '../history/releases';
import { createRun } from '../io/exec';
import { createGit, type Git } from '../io/git';
import { classifyHistory } from '../plan/classify';
import { releasePlan } from '../testing/plan';
import { renderChangelogSection } from './changelog';
import { findHeadings } from './markdown-headings';
import { rebuildChangelog, type RebuildRequest } from './rebuild-changelog';
import { factsOf } from './release-facts';
import { linksOf } from './remote-links';

const PROJECTS = [
  { name: 'web', root: 'packages/web' },
  { name: 'api', root: 'packages/api' },
];
const POLICY: RebuildRequest['policy'] = { types: {}, breakingBelowOne: 'major', ignore: [] };
const REMOTE = 'https://ada:secret@github.com/acme/shop.git';

describe('rebuildChangelog', () => {
  let root: string;
  let git: Git;
  let minute: number;

  const run = (...args: string[]): string => {
    minute += 1;
    const date = `2026-03-${String(1 + Math.floor(minute / 20)).padStart(2, '0')}T10:${String(minute % 60).padStart(2, '0')}:00+00:00`;
    const settings = ['user.name=Ada', 'user.email=ada@example.org', 'commit.gpgsign=false', 'tag.gpgsign=false'];
    return execFileSync('git', [...settings.flatMap((setting) => ['-c', setting]), ...args], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
    }).trim();
  };
  const commit = (message: string, project = 'web'): string => {
    const file = join(root, `packages/${project}/${minute}.txt`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, message);
    run('add', '-A');
    run('commit', '-q', '-m', message);
    return run('rev-parse', 'HEAD');
  };
  /** What the bump does: the section from the plan's commits, before the release's own commit is made. */
  const release = async (version: string, line: ReleaseLine): Promise<string> => {
    const history = await readReleaseHistory(git, { head: 'HEAD', lines: [line] });
    const { stable, latest, commits, prereleases } = history.line(line.name);
    const { commits: planned } = classifyHistory({
      lines: [{ ...line, version: stable?.version ?? null, commits, prereleases }],
      ownerLine: line.name,
      projects: PROJECTS,
      policy: POLICY,
      broughtBy: (merge) => history.broughtBy(merge),
    });
    run('commit', '-q', '--allow-empty', '-m', `chore(release): v${version}`);
    const tag = tagOfVersion(line.tagPattern, version);
    run('tag', '-a', '-m', `Release ${version}`, tag);
    const plan = releasePlan({
      version,
      tag,
      stable: stable?.version ?? null,
      previous: latest,
      commits: planned,
      projects: [],
    });
    const date = new Date(run('log', '-1', '--format=%aI')).toISOString().slice(0, 10);
    return renderChangelogSection(factsOf(plan, { date, remoteUrl: REMOTE }));
  };
  const rebuild = (line: ReleaseLine): ReturnType<typeof rebuildChangelog> =>
    rebuildChangelog(git, {
      lines: [line],
      ownerLine: line.name,
      projects: PROJECTS,
      policy: POLICY,
      links: linksOf(REMOTE),
    });
  const sectionsOf = (content: string): string[] => {
    const starts = findHeadings(content).filter(({ level }) => level === 2);
    return starts.map(({ start }, at) => `${content.slice(start, starts[at + 1]?.start).trimEnd()}\n`);
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'slipway-rebuild-'));
    git = createGit(createRun({ cwd: root }), root);
    minute = 0;
    run('init', '-q', '-b', 'main');
  });

  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it.each(['v{version}', 'release-{version}-x'])(
    'tells each release as its bump did, tagged %s',
    async (tagPattern) => {
      const line = { name: 'release', group: 'release', tagPattern, projects: ['web', 'api'] };
      const written = new Map<string, string>();
      const bump = async (version: string): Promise<void> => {
        written.set(version, await release(version, line));
      };
      commit('feat: begin');
      await bump('1.0.0');
      commit('feat(api): filter (#12)', 'api');
      const taken = commit('fix: never seen');
      run('revert', '--no-edit', taken);
      commit('docs: say {{how}}');
      commit('feat: squash\n\n* fix: one of many\n* perf(api): another of many', 'api');
      await bump('1.1.0');

      // A fix of 1.0, merged only after 1.1 is out, and tagged on its own branch.
      run('checkout', '-q', '-b', 'hotfix', tagOfVersion(tagPattern, '1.0.0'));
      commit('security: close the door', 'api');
      await bump('1.0.1');
      run('checkout', '-q', 'main');
      run('merge', '-q', '--no-ff', '-m', 'Merge hotfix', 'hotfix');

      commit('feat!: new port\n\nBREAKING CHANGE: The port is 9000.\n\n- tell your proxy');
      await bump('2.0.0-rc.1');
      commit('fix: after the first candidate');
      await bump('2.0.0-rc.2');
      commit('fix: after the second candidate');
      await bump('2.0.0');
      commit('feat: not released yet');

      const { content, versions } = await rebuild(line);
      expect(versions).toEqual(['2.0.0', '2.0.0-rc.2', '2.0.0-rc.1', '1.1.0', '1.0.1', '1.0.0']);
      expect(sectionsOf(content)).toEqual(versions.map((version) => written.get(version)));
      const section = (version: string): string => written.get(version) ?? '';
      expect(section('1.1.0')).toMatch(/- api: filter .*\(\[/);
      expect(section('1.1.0')).toContain('- say {{how}} (');
      expect(section('1.1.0')).not.toContain('never seen');
      expect(section('2.0.0-rc.2')).toContain('after the first candidate');
      expect(section('2.0.0-rc.2')).not.toContain('9000');
      expect(section('2.0.0')).toContain('The port is 9000.');
      expect(section('2.0.0')).toContain(`/compare/${tagOfVersion(tagPattern, '1.1.0')}...`);
      expect(content).not.toContain('not released yet');
      expect(content).not.toContain('secret');
    },
  );

  it('is not led astray by messages that look like git or core', async () => {
    const line = { name: 'release', group: 'release', tagPattern: 'v{version}', projects: ['web', 'api'] };
    commit('feat: begin');
    const first = await release('1.0.0', line);
    commit(
      'fix: a\n\n(tag: v9.9.9)\n(tag: v1.0.0)\n\n------------------------ >8 ------------------------\nfeat: forged\n\n-hash-\n0123456789\n-gitTags-\n (tag: v7.0.0)',
    );
    const second = await release('1.0.1', line);
    const { content, versions } = await rebuild(line);
    expect(versions).toEqual(['1.0.1', '1.0.0']);
    expect(sectionsOf(content)).toEqual([second, first]);
    expect(content).not.toMatch(/9\.9\.9|7\.0\.0/);
  });

  it('tells of no release where no tag is merged, and refuses a folder without commits', async () => {
    const line = { name: 'release', group: 'release', tagPattern: 'v{version}', projects: ['web', 'api'] };
    await expect(rebuild(line)).rejects.toThrow('is not a commit');
    commit('feat: begin');
    expect((await rebuild(line)).versions).toEqual([]);
  });
});
