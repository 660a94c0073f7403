import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { resolveLines } from '../config/groups';
import { parseConfig } from '../config/load';
import type { ReleaseProject } from '../config/project';
import type { SlipwayConfig } from '../config/schema';
import { tagOfVersion } from '../history/releases';
import { createRun } from '../io/exec';
import { createGit, type Git } from '../io/git';
import { decideRelease } from '../lifecycle/decide-release';
import type { Asked } from '../plan/plan-input';
import { renderChangelogSection } from './changelog';
import { findHeadings } from './markdown-headings';
import { rebuildChangelog } from './rebuild-changelog';
import { factsOf } from './release-facts';
import { linksOf } from './remote-links';

const MEMBERS: readonly ReleaseProject[] = ['web', 'api'].map((name) => ({
  name,
  root: `packages/${name}`,
  kind: 'npm',
  dependencies: [],
}));
const configured = (release: object = {}): SlipwayConfig => parseConfig(JSON.stringify({ release }), 'slipway.json');
const FIRST: Asked = { version: '1.0.0' };
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
  /** What plan and bump do: the section from the plan's commits, then the release's own commit and tags. */
  const release = async (version: string, config: SlipwayConfig, asked: Asked = {}): Promise<string> => {
    const place = { world: { root, git }, config, members: MEMBERS, owner: 'web' };
    const plan = await decideRelease(place, { branch: null, ledger: null, asked });
    expect(plan.version).toBe(version);
    for (const { name, next } of plan.projects) manifest(name, next);
    run('add', '-A');
    run('commit', '-q', '--allow-empty', '-m', `chore(release): v${version}`);
    for (const tag of plan.tags) run('tag', '-a', '-m', `Release ${tag.version}`, tag.name);
    const date = new Date(run('log', '-1', '--format=%aI')).toISOString().slice(0, 10);
    return renderChangelogSection(factsOf(plan, { date, remoteUrl: REMOTE }));
  };
  const begin = (): void => MEMBERS.forEach(({ name }) => manifest(name, '0.9.0'));
  const manifest = (name: string, version: string): void => {
    mkdirSync(join(root, 'packages', name), { recursive: true });
    writeFileSync(join(root, 'packages', name, 'package.json'), JSON.stringify({ name, version }));
  };
  const rebuild = (config: SlipwayConfig): ReturnType<typeof rebuildChangelog> =>
    rebuildChangelog(git, {
      ...resolveLines(config, MEMBERS, 'web'),
      projects: MEMBERS,
      policy: config.commits,
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
      const config = configured({ tagPattern });
      const written = new Map<string, string>();
      const bump = async (version: string, asked?: Asked): Promise<void> => {
        written.set(version, await release(version, config, asked));
      };
      begin();
      commit('feat: begin');
      await bump('1.0.0', FIRST);
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
      run('merge', '-q', '--no-ff', '-X', 'ours', '-m', 'Merge hotfix', 'hotfix');

      commit('feat!: new port\n\nBREAKING CHANGE: The port is 9000.\n\n- tell your proxy');
      await bump('2.0.0-rc.1', { preid: 'rc' });
      commit('fix: after the first candidate');
      await bump('2.0.0-rc.2', { preid: 'rc' });
      commit('fix: after the second candidate');
      await bump('2.0.0', { graduate: true });
      commit('feat: not released yet');

      const { content, versions } = await rebuild(config);
      expect(versions).toEqual(['2.0.0', '2.0.0-rc.2', '2.0.0-rc.1', '1.1.0', '1.0.1', '1.0.0']);
      expect(sectionsOf(content)).toEqual(versions.map((version) => written.get(version)));
      const section = (version: string): string => written.get(version) ?? '';
      expect(section('1.1.0')).toContain('- api: filter ([#12](https://github.com/acme/shop/issues/12), [');
      expect(section('1.1.0')).toContain('- one of many ([');
      expect(section('1.1.0')).toContain('- api: another of many ([');
      expect(section('1.1.0')).toContain('- say {{how}} ([');
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
    const config = configured();
    begin();
    commit('feat: begin');
    const first = await release('1.0.0', config, FIRST);
    commit(
      'fix: a\n\n(tag: v9.9.9)\n(tag: v1.0.0)\n\n------------------------ >8 ------------------------\nfeat: forged\n\n-hash-\n0123456789\n-gitTags-\n (tag: v7.0.0)',
    );
    const second = await release('1.0.1', config);
    const { content, versions } = await rebuild(config);
    expect(versions).toEqual(['1.0.1', '1.0.0']);
    expect(sectionsOf(content)).toEqual([second, first]);
    expect(content).not.toMatch(/9\.9\.9|7\.0\.0/);
  });

  it('says which project got which version, as the bump did', async () => {
    const config = configured({ versioning: 'independent' });
    begin();
    commit('feat: begin', 'api');
    commit('feat: begin too');
    const written = [await release('1.0.0', config, FIRST)];
    commit('fix(api): only here', 'api');
    commit('feat: a page');
    written.unshift(await release('1.1.0', config));
    expect(written[0]).toContain('| web | 1.1.0 |\n| api | 0.10.1 |\n');
    expect(sectionsOf((await rebuild(config)).content)).toEqual(written);
  });

  it('tells of no release where no tag is merged, and refuses a folder without commits', async () => {
    const config = configured();
    await expect(rebuild(config)).rejects.toThrow('is not a commit');
    commit('feat: begin');
    expect((await rebuild(config)).versions).toEqual([]);
  });
});
