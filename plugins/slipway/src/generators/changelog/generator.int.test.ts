import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { flushChanges, FsTree } from 'nx/src/generators/tree';
import changelogGenerator from './generator';
import type { ChangelogGeneratorOptions } from './schema';

const SETTINGS = ['user.name=Ada', 'user.email=ada@example.org', 'commit.gpgsign=false', 'tag.gpgsign=false'];

describe('changelog, with git', () => {
  let root: string;

  const git = (...args: string[]): string =>
    execFileSync('git', [...SETTINGS.flatMap((setting) => ['-c', setting]), ...args], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, GIT_CONFIG_NOSYSTEM: '1' },
    }).trim();
  const commit = (message: string, files: Record<string, string>): void => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    git('add', '-A');
    git('commit', '-q', '-m', message);
  };
  const generate = async (options: ChangelogGeneratorOptions = {}): Promise<string[]> => {
    const tree = new FsTree(root, false);
    await changelogGenerator(tree, options);
    const changes = tree.listChanges();
    flushChanges(root, changes);
    return changes.map(({ path }) => path);
  };
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'slipway-changelog-'));
    git('init', '-q', '-b', 'main');
    commit('feat: start', {
      'nx.json': '{}',
      'package.json': '{ "name": "shop", "private": true, "workspaces": ["packages/*"] }',
      'packages/web/package.json': '{ "name": "web", "version": "1.0.0" }',
      'packages/api/package.json': '{ "name": "api", "version": "1.0.0" }',
    });
  });

  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it('writes all releases, links and all, and is content with its own work', async () => {
    git('remote', 'add', 'origin', 'git@github.com:acme/shop.git');
    git('tag', 'v1.0.0');
    commit('fix: round prices', { 'packages/api/round.ts': '1' });
    git('tag', '-a', '-m', 'Release v1.0.1', 'v1.0.1');
    commit('feat: not released', { 'packages/api/more.ts': '1' });
    expect(await generate()).toEqual(['CHANGELOG.md']);
    const changelog = read('CHANGELOG.md');
    expect(changelog).toMatch(
      /^# Changelog\n\n.*\n\n## \[1\.0\.1\]\(https:\/\/github\.com\/acme\/shop\/compare\/v1\.0\.0\.\.\.v1\.0\.1\) - /,
    );
    expect(changelog).toContain('- round prices ([');
    expect(changelog).toMatch(/\n## \[1\.0\.0\] - [\d-]+\n\n### 🎉 New Features\n\n- start \(\[/);
    expect(changelog).not.toContain('not released');
    expect(await generate()).toEqual([]);
  });

  it('keeps a changelog that says something else, unless forced', async () => {
    git('tag', 'v1.0.0');
    writeFileSync(join(root, 'CHANGELOG.md'), 'By hand.\n');
    await expect(generate()).rejects.toThrow('CHANGELOG.md exists and differs');
    expect(read('CHANGELOG.md')).toBe('By hand.\n');
    expect(await generate({ force: true })).toEqual(['CHANGELOG.md']);
    expect(read('CHANGELOG.md')).toContain('- start (');
  });

  it("tells of a project with a version of its own, by that version's tags", async () => {
    commit('chore: version each', { 'slipway.json': '{ "release": { "versioning": "independent", "owner": "web" } }' });
    git('tag', 'api@1.0.0');
    git('tag', 'web@1.0.0');
    commit('feat: both', { 'packages/api/a.ts': '1', 'packages/web/a.ts': '1' });
    commit('fix: web alone', { 'packages/web/b.ts': '1' });
    git('tag', 'api@1.1.0');
    expect(await generate({ project: 'api' })).toEqual(['packages/api/CHANGELOG.md']);
    expect(read('packages/api/CHANGELOG.md')).toMatch(/## \[1\.1\.0\] - [\d-]+\n\n### 🎉 New Features\n\n- both \(/);
    expect(read('packages/api/CHANGELOG.md')).not.toContain('web alone');
    await generate({ output: 'ALL.md' });
    expect(read('ALL.md')).not.toContain('1.1.0');
  });

  it('says why there is nothing to write', async () => {
    await expect(generate()).rejects.toThrow('no tag of the form v{version} is merged into HEAD');
    await expect(generate({ project: 'wep' })).rejects.toThrow('Did you mean "web"?');
    git('tag', 'v1.0.0');
    await expect(generate({ output: '../x.md' })).rejects.toThrow('is not a file inside the workspace');
  });
});
