import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { logger } from '@nx/devkit';
import { flushChanges, FsTree } from 'nx/src/generators/tree';
import releaseNotesGenerator from './generator';
import type { ReleaseNotesGeneratorOptions } from './schema';

const SETTINGS = {
  'user.name': 'Ada',
  'user.email': 'ada@example.org',
  'commit.gpgsign': 'false',
  'tag.gpgsign': 'false',
  'core.autocrlf': 'false',
};

describe('release-notes, with git', () => {
  let root: string;

  const git = (...args: string[]): string => {
    const settings = Object.entries(SETTINGS).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    return execFileSync('git', [...settings, ...args], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, GIT_CONFIG_NOSYSTEM: '1' },
    }).trim();
  };
  const commit = (message: string, files: Record<string, string>): string => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    git('add', '-A');
    git('commit', '-q', '-m', message);
    return git('rev-parse', 'HEAD');
  };
  const generate = async (options: ReleaseNotesGeneratorOptions = {}): Promise<string[]> => {
    const tree = new FsTree(root, false);
    await releaseNotesGenerator(tree, { date: '2026-03-01', ...options });
    const changes = tree.listChanges();
    flushChanges(root, changes);
    return changes.map(({ path }) => path);
  };
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'slipway-notes-'));
    git('init', '-q', '-b', 'main');
    commit('chore: start', {
      'nx.json': '{}',
      'package.json': '{ "name": "shop", "private": true, "workspaces": ["packages/*"] }',
      'packages/web/package.json': '{ "name": "web", "version": "1.0.0" }',
      'packages/api/package.json': '{ "name": "api", "version": "1.0.0" }',
    });
    git('tag', '-a', '-m', 'Release v1.0.0', 'v1.0.0');
    commit('feat: show prices', { 'packages/web/prices.ts': '1' });
    commit('fix: round prices', { 'packages/api/round.ts': '1' });
  });

  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it('writes the notes of the next release, with the version that the plan gives', async () => {
    expect(await generate()).toEqual(['releases/v1.1.0/NOTES.md']);
    const notes = read('releases/v1.1.0/NOTES.md');
    expect(notes).toContain('# Release v1.1.0\n\nReleased on 2026-03-01. Changes since v1.0.0.');
    expect(notes).toContain('- show prices');
    expect(notes).toContain('- round prices');
    expect(git('log', '--format=%s', '-1')).toBe('fix: round prices');
  });

  it('changes nothing the second time, adds what came since, and keeps what was edited', async () => {
    await generate();
    expect(await generate()).toEqual([]);
    const path = 'releases/v1.1.0/NOTES.md';
    writeFileSync(join(root, path), read(path).replace('- show prices', '- Prices show, at last.'));
    commit('fix: sort prices', { 'packages/web/sort.ts': '1' });
    expect(await generate()).toEqual([path]);
    expect(read(path)).toContain('- Prices show, at last.\n');
    expect(read(path)).toContain('- round prices\n- sort prices\n');
    expect(read(path)).not.toContain('show prices');
    expect(await generate()).toEqual([]);
    expect(await generate({ force: true })).toEqual([path]);
    expect(read(path)).toContain('- show prices');
  });

  it('never touches notes that were written by hand, and tells what they lack', async () => {
    mkdirSync(join(root, 'releases/v1.1.0'), { recursive: true });
    writeFileSync(join(root, 'releases/v1.1.0/NOTES.md'), 'By hand: show prices.\n');
    const warn = jest.spyOn(logger, 'warn').mockImplementation(() => undefined);
    expect(await generate()).toEqual([]);
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/kept as it is[^]*: round prices/));
    expect(warn).not.toHaveBeenCalledWith(expect.stringContaining('show prices'));
    warn.mockRestore();
  });

  it('brings the notes of a bumped release up to date, also of a pre-release', async () => {
    expect(await generate({ preid: 'rc' })).toEqual(['releases/v1.1.0-rc.1/NOTES.md']);
    commit('chore(release): v1.1.0-rc.1', {
      'packages/web/package.json': '{ "name": "web", "version": "1.1.0-rc.1" }',
      'packages/api/package.json': '{ "name": "api", "version": "1.1.0-rc.1" }',
    });
    commit('fix: sort prices', { 'packages/web/sort.ts': '1' });
    const path = 'releases/v1.1.0-rc.1/NOTES.md';
    expect(await generate({ releaseVersion: '1.1.0-rc.1' })).toEqual([path]);
    expect(read(path)).toContain('as a pre-release, to try it out. Changes since v1.0.0.');
    expect(read(path)).toContain('- round prices\n- sort prices\n');

    git('tag', '-a', '-m', 'Release v1.1.0-rc.1', 'v1.1.0-rc.1');
    commit('fix: add prices', { 'packages/web/add.ts': '1' });
    await generate({ preid: 'rc' });
    expect(read('releases/v1.1.0-rc.2/NOTES.md')).toContain(
      'Changes since v1.1.0-rc.1.\n\n## 🐛 Bug Fixes\n- add prices\n\n',
    );
    await generate({ graduate: true });
    expect(read('releases/v1.1.0/NOTES.md')).toContain('Changes since v1.0.0.');
    expect(read('releases/v1.1.0/NOTES.md')).toContain('- add prices\n- sort prices\n- round prices\n');
    await expect(generate({ releaseVersion: '1.1.0', graduate: true })).rejects.toThrow('Leave out either');
  });

  it('tells of one project beside the notes of all', async () => {
    expect(await generate({ project: 'api' })).toEqual(['releases/v1.1.0/NOTES.api.md']);
    const notes = read('releases/v1.1.0/NOTES.api.md');
    expect(notes).toContain('round prices');
    expect(notes).not.toContain('show prices');
  });

  it('takes any range, and does not call it more than it is', async () => {
    const first = git('rev-parse', 'HEAD~1');
    await generate({ from: first, releaseVersion: '1.4.0', output: 'NOTES.md' });
    expect(read('NOTES.md')).toContain(`# Release v1.4.0\n\nReleased on 2026-03-01. Changes since ${first}.`);
    expect(read('NOTES.md')).not.toContain('show prices');
    await generate({ from: 'v1.0.0', to: first, releaseVersion: '1.1.0', output: 'EARLIER.md' });
    expect(read('EARLIER.md')).toContain('Changes since v1.0.0.');
    expect(read('EARLIER.md')).not.toContain('round prices');
  });

  it('takes its day from the clock where none is given', async () => {
    const before = new Date().toISOString().slice(0, 10);
    await generate({ date: undefined });
    const after = new Date().toISOString().slice(0, 10);
    const day = /Released on (.*?)\./.exec(read('releases/v1.1.0/NOTES.md'))?.[1];
    expect([before, after]).toContain(day);
  });

  it('refuses an empty range, an unknown name and one that looks like an option', async () => {
    await expect(generate({ from: 'HEAD', releaseVersion: '1.1.0' })).rejects.toThrow(
      'There are no commits from HEAD to HEAD',
    );
    await expect(generate({ from: 'v9' })).rejects.toThrow('"v9" is not a tag, branch or commit');
    await expect(generate({ to: '--all' })).rejects.toThrow('"--all" is not a tag, branch or commit');
  });

  it('says why there is no next release, and what to do', async () => {
    git('tag', '-a', '-m', 'Release v1.1.0', 'v1.1.0');
    await expect(generate()).rejects.toThrow(/lower than the last release, v1\.1\.0\. Set them to 1\.1\.0/);
    expect(git('status', '--porcelain')).toBe('');
  });
});
