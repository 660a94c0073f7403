import { join } from 'node:path';
import type { Git } from '../io/git';
import { readHistory } from './read';
import { checkComplete } from './releases';
import { failure } from './testing/failure';
import { commit as commitIn, HistoryRepositories } from './testing/repositories';

let repositories: HistoryRepositories;
let git: Git;

beforeEach(async () => {
  repositories = new HistoryRepositories();
  git = await repositories.create();
});

afterEach(() => repositories.remove());

const commit = (message: string, files?: Readonly<Record<string, string>>): Promise<string> =>
  commitIn(git, message, files);

async function head(): Promise<string> {
  return git.text(['rev-parse', 'HEAD']);
}

describe('readHistory', () => {
  it('reads commits newest first with all they hold', async () => {
    const first = await commit('feat: one\n\nBody of\nseveral lines.\n\nRefs: #1\n', {
      'a/one.txt': '1',
      'b/two.txt': '2',
    });
    const second = await commit('fix: two', { 'a/one.txt': '3' });
    const history = await readHistory(git, { from: null, to: second });
    expect(history).toEqual([
      expect.objectContaining({ id: second, parents: [first], files: ['a/one.txt'] }),
      {
        id: first,
        parents: [],
        author: 'Ada Ålund',
        email: 'ada@example.test',
        date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+Z]/) as string,
        message: expect.stringContaining('feat: one\n\nBody of\nseveral lines.\n\nRefs: #1\n') as string,
        files: ['a/one.txt', 'b/two.txt'],
      },
    ]);
    expect(await readHistory(git, { from: first, to: second })).toEqual(history.slice(0, 1));
    expect(await readHistory(git, { from: second, to: second })).toEqual([]);
  });

  it('is not fooled by messages and file names', async () => {
    const names = [
      'a\nb',
      'say "hi"',
      'é/日本.txt',
      ' leading',
      'tab\there',
      '\nnewline first',
      'back\\slash',
      '-dash',
      'feat: x',
      '*',
    ];
    const message = `feat: \u001b[31mred\n\n\u0001${'0'.repeat(40)}\n\ncommit ${'1'.repeat(40)}\n`;
    const id = await commit(message, Object.fromEntries(names.map((name) => [name, 'x'])));
    const [only, ...others] = await readHistory(git, { from: null, to: id });
    expect(others).toEqual([]);
    expect([...(only?.files ?? [])].sort()).toEqual([...names].sort());
    expect(only?.message).toContain(message);
  });

  it('keeps CRLF line endings, and takes empty messages and commits without files', async () => {
    const crlf = await commit('fix: x\r\n\r\nBREAKING CHANGE: y\r\n');
    const empty = await commit('');
    const history = await readHistory(git, { from: null, to: empty });
    expect(history.map(({ id, files }) => [id, files])).toEqual([
      [empty, []],
      [crlf, []],
    ]);
    expect(history[0]?.message.trim()).toBe('');
    expect(history[1]?.message).toContain('fix: x\r\n\r\nBREAKING CHANGE: y\r\n');
  });

  it('gives both names of a rename, and the names of deleted files', async () => {
    const first = await commit('feat: x', { 'old.txt': 'the same content\n'.repeat(20), 'gone.txt': '' });
    await git.text(['mv', 'old.txt', 'new.txt']);
    await git.text(['rm', '--quiet', 'gone.txt']);
    const second = await commit('refactor: y');
    const [only] = await readHistory(git, { from: first, to: second });
    expect(only?.files).toEqual(['gone.txt', 'new.txt', 'old.txt']);
  });

  it('lists a merge with its parents and without files, and what it brought in', async () => {
    const base = await commit('feat: base', { a: '1' });
    await git.text(['checkout', '--quiet', '-b', 'side']);
    const side = await commit('fix: side', { b: '1' });
    await git.text(['checkout', '--quiet', 'main']);
    const main = await commit('fix: main', { c: '1' });
    await git.text(['merge', '--quiet', '--no-ff', '-m', 'feat: merge', 'side']);
    const history = await readHistory(git, { from: base, to: await head() });
    expect(history[0]).toMatchObject({
      parents: [main, side],
      files: [],
      message: expect.stringContaining('feat: merge') as string,
    });
    expect(new Set(history.slice(1).map(({ id }) => id))).toEqual(new Set([main, side]));
  });

  it("is the same under a user's settings", async () => {
    const first = await commit('feat: x', { 'é.txt': 'same\n'.repeat(9) });
    await git.text(['mv', 'é.txt', 'ü.txt']);
    const id = await commit('fix: y');
    const plain = await readHistory(git, { from: first, to: id });
    for (const setting of [
      'log.showSignature=true',
      'diff.renames=copies',
      'color.ui=always',
      'log.date=relative',
      'diff.external=false',
      'format.pretty=oneline',
      'log.decorate=full',
      'log.diffMerges=on',
      'core.quotePath=true',
      'diff.noprefix=true',
    ]) {
      const [key = '', value = ''] = setting.split('=');
      await git.text(['config', key, value]);
    }
    expect(await readHistory(git, { from: first, to: id })).toEqual(plain);
  });

  it('tells files from the workspace where that is a folder of the repository', async () => {
    const id = await commit('feat: x', { 'workspace/packages/a.txt': '', 'elsewhere.txt': '' });
    const [only] = await readHistory(repositories.git(join(git.root, 'workspace')), { from: null, to: id });
    expect(only?.files).toEqual(['packages/a.txt']);
  });

  it('refuses unknown commits and names', async () => {
    const id = await commit('feat: x');
    expect(await failure(readHistory(git, { from: '0'.repeat(39) + '1', to: id }))).toMatchObject({
      failure: 'unknownCommit',
      remedy: expect.stringContaining('git fetch') as string,
    });
    expect(await failure(readHistory(git, { from: null, to: '--all' }))).toMatchObject({ failure: 'unknownCommit' });
  });

  it('reads 2,000 commits in one pass', async () => {
    const stream = Array.from({ length: 2_000 }, (_, index) => {
      const message = `feat(scope-${index}): change number ${index}\n\nBody.\n`;
      const file = `packages/p${index % 7}/file.txt`;
      return [
        'commit refs/heads/main',
        `committer Ada <ada@example.test> ${1_700_000_000 + index} +0000`,
        `data ${Buffer.byteLength(message)}`,
        message,
        `M 100644 inline ${file}`,
        `data ${String(index).length}`,
        String(index),
        '',
      ].join('\n');
    }).join('');
    await git.text(['fast-import', '--quiet'], { input: stream });
    let processes = 0;
    const counting: Git = { ...git, run: (...call) => ((processes += 1), git.run(...call)) };
    const history = await readHistory(counting, { from: null, to: await head() });
    expect(history).toHaveLength(2_000);
    expect(history[0]).toMatchObject({
      message: expect.stringContaining('change number 1999') as string,
      files: ['packages/p4/file.txt'],
    });
    expect(history[1_999]).toMatchObject({ parents: [], files: ['packages/p0/file.txt'] });
    expect(processes).toBe(1);
  });
});

describe('checkComplete', () => {
  it('refuses a shallow clone with the command that mends it, and lets it pass then', async () => {
    await commit('feat: a');
    await commit('feat: b');
    const shallow = await repositories.clone(git, 'shallow', '--depth=1');
    expect(await failure(checkComplete(shallow))).toMatchObject({
      failure: 'shallow',
      remedy: 'Fetch the rest with: git fetch --unshallow --tags',
    });
    await shallow.text(['fetch', '--quiet', '--unshallow', '--tags']);
    await expect(checkComplete(shallow)).resolves.toBeUndefined();
  });
});
