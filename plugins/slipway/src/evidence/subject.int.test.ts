import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRun } from '../io/exec';
import { createGit, type Git } from '../io/git';
import { blankVersions, editorFor, type ManifestNames } from '../version/manifests';
import { commitEntries, scopeOf, subjectOfCommit, subjectOfTree, treeDigest, type Blank } from './subject';
import { subjectsOfCommit, subjectsOfTree } from './subjects';

const NAMES: ManifestNames = {
  packages: new Set(['@acme/api']),
  images: new Set(),
  memberRoots: new Set(['packages/api']),
};
const blank: Blank = (path, content) =>
  dirname(path) === 'packages/api' && editorFor(path) ? blankVersions(path, content, NAMES) : null;
const PROJECTS = [{ root: '.' }, { root: 'packages/api' }, { root: 'packages/api/client' }];
const SCOPE = scopeOf({ root: 'packages/api' }, PROJECTS);
const ENV = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.test',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.test',
};

let root: string;
let git: Git;

function run(...args: string[]): string {
  return execFileSync('git', ['-c', 'commit.gpgsign=false', '-c', 'init.defaultBranch=main', ...args], {
    cwd: root,
    env: ENV,
    encoding: 'utf8',
  }).trim();
}

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

function commit(): string {
  run('add', '-A');
  run('commit', '-q', '--allow-empty', '-m', 'x');
  return run('rev-parse', 'HEAD');
}

const manifest = (version: string, extra = ''): string =>
  `{\n  "name": "@acme/api",\n  "version": "${version}"${extra}\n}\n`;
const tree = (scope = SCOPE): Promise<string> => subjectOfTree({ git }, scope, blank);
const at = (id: string, scope = SCOPE): Promise<string> => subjectOfCommit(git, id, scope, blank);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'slipway-subject-'));
  git = createGit(createRun({ cwd: root, env: { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' } }), root);
  run('init', '-q');
  await put('.gitignore', 'coverage/\n');
  await put('packages/api/package.json', manifest('1.0.0'));
  await put('packages/api/src/a.ts', 'export const a = 1;\n');
  await put('packages/api/src/weiß "quoted"\n.ts', 'odd name\n');
  await put('packages/api/client/c.ts', 'nested\n');
  await put('packages/api/fixtures/package.json', '{ not json');
  await put('packages/api/run.sh', '#!/bin/sh\n');
  await chmod(join(root, 'packages/api/run.sh'), 0o755);
  await symlink('src/a.ts', join(root, 'packages/api/link.ts'));
  await put('packages/web/w.ts', 'neighbour\n');
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

describe('the subject of a project', () => {
  it('is the same from a clean tree and from its commit, for a project and for the whole', async () => {
    const id = commit();
    expect(await tree()).toBe(await at(id));
    const whole = scopeOf({ root: '.' }, PROJECTS);
    expect(await tree(whole)).toBe(await at(id, whole));
    expect(await at(id, whole)).not.toBe(await at(id));
  });

  it.each([
    ['of all', PROJECTS],
    ['of those that are wanted', PROJECTS.slice(0, 2)],
    ['of one that holds no other', PROJECTS.slice(2)],
  ])('is the same when many are asked for at once: %s', async (_, projects) => {
    const id = commit();
    const [roots, wanted] = [PROJECTS.map((one) => one.root), projects.map((one) => one.root)];
    const alone = new Map<string, string>();
    for (const project of projects) alone.set(project.root, await at(id, scopeOf(project, PROJECTS)));
    expect(await subjectsOfCommit(git, id, roots, blank, wanted)).toEqual(alone);
    expect(await subjectsOfTree({ git }, roots, blank, wanted)).toEqual(alone);
  });

  it('is the same where a checkout converts line ends', async () => {
    await put('.gitattributes', '*.ts text eol=crlf\n*.json text eol=crlf\n');
    const id = commit();
    await rm(join(root, 'packages/api/src/a.ts'));
    await rm(join(root, 'packages/api/package.json'));
    run('checkout', '-q', '--', '.');
    expect(await tree()).toBe(await at(id));
  });

  it('stays over a version bump, and changes with anything else of a manifest', async () => {
    const before = await at(commit());
    await put('packages/api/package.json', manifest('2.0.0'));
    expect(await tree()).toBe(before);
    expect(await at(commit())).toBe(before);
    await put('packages/api/package.json', manifest('2.0.0', ',\n  "main": "x.js"'));
    expect(await tree()).not.toBe(before);
    expect(await at(commit())).not.toBe(before);
  });

  it.each([
    ['a changed byte', () => put('packages/api/src/a.ts', 'export const a = 2;\n')],
    ['a new file', () => put('packages/api/src/new.ts', '')],
    ['a removed file', () => rm(join(root, 'packages/api/src/a.ts'))],
    ['a mode', () => chmod(join(root, 'packages/api/run.sh'), 0o644)],
    [
      'where a link points',
      async () => {
        await rm(join(root, 'packages/api/link.ts'));
        await symlink('src/b.ts', join(root, 'packages/api/link.ts'));
      },
    ],
    ['a file with an odd name', () => put('packages/api/src/weiß "quoted"\n.ts', 'changed\n')],
  ])('changes with %s, in the tree as in the commit', async (_what, change) => {
    const before = await at(commit());
    await change();
    const changed = await tree();
    expect(changed).not.toBe(before);
    expect(await at(commit())).toBe(changed);
  });

  it('does not change with files of others, nor with ignored ones', async () => {
    const before = await at(commit());
    await put('packages/web/w.ts', 'changed\n');
    await put('packages/api/client/c.ts', 'changed\n');
    await put('packages/api/coverage/lcov.info', 'x');
    expect(await tree()).toBe(before);
  });

  it('sees a change that is staged, and what was staged and changed again', async () => {
    commit();
    await put('packages/api/src/a.ts', 'staged\n');
    run('add', '-A');
    const staged = await tree();
    await put('packages/api/src/a.ts', 'and again\n');
    expect(await tree()).not.toBe(staged);
  });

  it('sees a repository inside that no commit holds', async () => {
    const before = await at(commit());
    await mkdir(join(root, 'packages/api/vendor'));
    execFileSync('git', ['init', '-q', join(root, 'packages/api/vendor')], { env: ENV });
    await put('packages/api/vendor/x.ts', '');
    expect(await tree()).not.toBe(before);
  });
});

describe('entries of a commit', () => {
  it('are those below the paths, and their digest leaves versions out', async () => {
    const before = await commitEntries(git, commit(), ['packages/api/src', 'packages/api/package.json'], blank);
    expect(before.map(({ path }) => path)).toEqual([
      'packages/api/package.json',
      'packages/api/src/a.ts',
      'packages/api/src/weiß "quoted"\n.ts',
    ]);
    await put('packages/api/package.json', manifest('2.0.0'));
    const after = await commitEntries(git, commit(), ['packages/api/src', 'packages/api/package.json'], blank);
    expect(treeDigest(after)).toBe(treeDigest(before));
    const all = await commitEntries(git, 'HEAD', ['.'], blank);
    expect(all.map(({ path }) => path)).toContain('packages/web/w.ts');
    expect(await commitEntries(git, 'HEAD', [], blank)).toEqual([]);
  });

  it('refuse a commit that does not exist', async () => {
    await expect(commitEntries(git, 'nowhere', ['.'], blank)).rejects.toThrow(/ls-tree/);
  });
});
