import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Git } from '../io/git';
import { repositoryCache } from './cache';
import { readReleaseHistory } from './release-history';
import { commit, HistoryRepositories } from './testing/repositories';

const LINES = [{ name: 'release', tagPattern: 'v{version}' }];

let repositories: HistoryRepositories;
let git: Git;
let file: string;
beforeEach(async () => {
  repositories = new HistoryRepositories();
  git = await repositories.create();
  file = join(git.root, '.git/slipway/history/sha1.bin');
  await commit(git, 'feat: a ü', { 'a/1': '1' });
  await commit(git, 'fix: b', { 'a/1': '2', 'b/ü': '2' });
});
afterEach(() => repositories.remove());

/** What is read, and how often git log ran for it. */
async function read(write = true, from = git) {
  repositories.commands.length = 0;
  const cache = repositoryCache({ write });
  const history = await readReleaseHistory(repositories.counted(from), { head: 'HEAD', lines: LINES, cache });
  return {
    commits: history.line('release').commits,
    logs: repositories.commands.filter((command) => command === 'log').length,
  };
}
const cold = async (from = git) =>
  (await readReleaseHistory(from, { head: 'HEAD', lines: LINES })).line('release').commits;

describe('the cache of a repository', () => {
  it('spares what was read: nothing is read again, and of new commits only those', async () => {
    expect(await read()).toEqual({ commits: await cold(), logs: 1 });
    expect(await read()).toEqual({ commits: await cold(), logs: 0 });
    await commit(git, 'fix: c', { 'a/1': '3' });
    const printed: string[] = [];
    const watched: Git = {
      ...git,
      run: (args, options) =>
        git.run(args, {
          ...options,
          ...(options?.onData && {
            onData: (chunk) => (printed.push(chunk.toString()), options.onData?.(chunk)),
          }),
        }),
    };
    expect(await read(true, watched)).toEqual({ commits: await cold(), logs: 1 });
    expect(printed.join('').match(/(?:feat|fix): \w+/g)).toEqual(['fix: c']);
    expect(await read()).toEqual({ commits: await cold(), logs: 0 });
  });

  it('is read but never written by a dry run', async () => {
    await read(false);
    expect(existsSync(dirname(file))).toBe(false);
    await read();
    const before = readFileSync(file);
    await commit(git, 'fix: c');
    expect(await read(false)).toEqual({ commits: await cold(), logs: 1 });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('that is cut off, damaged or of another kind counts as empty, and is mended', async () => {
    const { commits } = await read();
    const whole = readFileSync(file);
    const damaged = (at: number) => {
      const copy = Buffer.from(whole);
      copy[at] = (copy[at] ?? 0) ^ 0x10;
      return copy;
    };
    const positions = Array.from({ length: 40 }, (_, index) => Math.floor((index * whole.length) / 40));
    for (const content of [
      Buffer.alloc(0),
      Buffer.from('{"json": true}'),
      Buffer.alloc(whole.length),
      Buffer.concat([whole, Buffer.alloc(4)]),
      ...positions.map((at) => whole.subarray(0, at)),
      ...positions.map(damaged),
    ]) {
      writeFileSync(file, content);
      expect(await read(false)).toEqual({ commits, logs: 1 });
    }
    await read();
    expect(await read()).toEqual({ commits, logs: 0 });
  });

  it('is right after history was rewritten, tags were moved, and what it knows was pruned', async () => {
    await read();
    await git.text(['tag', 'v1.0.0']);
    expect((await read()).commits).toEqual([]);
    await git.text(['tag', '--force', 'v1.0.0', 'HEAD~1']);
    expect((await read()).commits).toEqual(await cold());
    await git.text(['commit', '--quiet', '--amend', '-m', 'fix: other']);
    await git.text(['reflog', 'expire', '--expire=now', '--all']);
    await git.text(['gc', '--quiet', '--prune=now']);
    expect((await read()).commits).toEqual(await cold());
    expect((await read()).commits.map(({ message }) => message.trim())).toEqual(['fix: other']);
  });

  it('keeps apart the folders that a workspace can be, and is shared by worktrees', async () => {
    const folder = repositories.git(join(git.root, 'a'));
    expect((await read()).commits[0]?.files).toEqual(['a/1', 'b/ü']);
    expect(await read(true, folder)).toMatchObject({ logs: 1, commits: [{ files: ['1'] }, { files: ['1'] }] });
    expect(await read(true, folder)).toMatchObject({ logs: 0, commits: [{ files: ['1'] }, { files: ['1'] }] });
    const tree = join(repositories.folder, 'tree');
    await git.text(['worktree', 'add', '--quiet', '--detach', tree]);
    expect(await read(true, repositories.git(tree))).toEqual({ commits: await cold(), logs: 0 });
  });

  it('serves repositories with ids of SHA-256', async () => {
    const long = await repositories.create('sha256', '--object-format=sha256');
    await commit(long, 'feat: a', { a: '1' });
    await long.text(['tag', 'v1.0.0']);
    const id = await commit(long, 'fix: b', { a: '2' });
    expect(id).toHaveLength(64);
    expect(await read(true, long)).toMatchObject({ logs: 1, commits: [{ id, files: ['a'] }] });
    expect(await read(true, long)).toEqual({ logs: 0, commits: await cold(long) });
  });

  it('takes writers at the same time, and tidies up after those that died', async () => {
    mkdirSync(dirname(file), { recursive: true });
    const old = `${file}.dead.tmp`;
    const young = `${file}.busy.tmp`;
    for (const name of [old, young]) writeFileSync(name, '');
    utimesSync(old, new Date(0), new Date(0));
    const cache = repositoryCache({ write: true });
    await Promise.all(Array.from({ length: 8 }, () => readReleaseHistory(git, { head: 'HEAD', lines: LINES, cache })));
    expect(readdirSync(dirname(file)).sort()).toEqual(['sha1.bin', 'sha1.bin.busy.tmp']);
    expect((await read()).logs).toBe(0);
  });

  it('that can be neither written nor read stops nobody', async () => {
    mkdirSync(join(git.root, '.git/slipway'));
    writeFileSync(dirname(file), 'in the way');
    expect(await read()).toEqual({ commits: await cold(), logs: 1 });
    rmSync(dirname(file));
    mkdirSync(file, { recursive: true });
    expect(await read()).toEqual({ commits: await cold(), logs: 1 });
  });
});
