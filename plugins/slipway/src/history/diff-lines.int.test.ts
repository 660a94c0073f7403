import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIFF_OPTIONS, parseAddedLines } from './diff-lines';
import { commit, HistoryRepositories } from './testing/repositories';

let repositories: HistoryRepositories;

beforeEach(() => (repositories = new HistoryRepositories()));
afterEach(() => repositories.remove());

const SETTINGS = {
  'diff.noprefix': 'true',
  'diff.mnemonicPrefix': 'true',
  'diff.relative': 'true',
  'diff.interHunkContext': '5',
  'diff.context': '7',
  'diff.renames': 'copies',
  'diff.external': 'false',
  'color.diff': 'always',
  'core.quotePath': 'false',
};

describe("git's own diff", () => {
  it.each([
    ['with no settings', {}],
    ['with settings that change how a diff looks', SETTINGS],
  ])('is understood %s', async (_, settings) => {
    const git = await repositories.create();
    for (const [key, value] of Object.entries(settings)) await git.text(['config', key, value]);
    await commit(git, 'feat: one', {
      'sub/no-end.txt': 'a\nb\nc',
      'sp ace "q" ü.txt': 'x\n',
      'old.txt': 'one\ntwo\nthree\nfour\n',
      'deleted.txt': 'd\n',
      'tricky.sql': '-- sql\n',
      'data.bin': 'x\0y',
      'mode.sh': 'x\n',
      'hidden.env': 'A=1\n',
    });
    for (const name of ['old.txt', 'deleted.txt']) rmSync(join(git.root, name));
    chmodSync(join(git.root, 'mode.sh'), 0o755);
    writeFileSync(join(git.root, 'empty'), '');
    await commit(git, 'feat: two', {
      'sub/no-end.txt': 'a\nb\nc\nd',
      'sp ace "q" ü.txt': 'x\ny\n',
      'new name.txt': 'one\ntwo\nthree\nfour\nfive\n',
      'tricky.sql': '-- sql\n++ b/evil\n',
      'data.bin': 'x\0z',
      'ta\tb.txt': 'n\r\n',
      'hidden.env': 'A=2\n',
      '.gitattributes': '*.env -diff\n',
    });
    const args = ['diff', ...DIFF_OPTIONS, 'HEAD~1', 'HEAD'];
    const { files, binary } = parseAddedLines(await git.text(args));
    expect(Object.fromEntries(files.map(({ path, lines }) => [path, lines]))).toEqual({
      '.gitattributes': [{ line: 1, text: '*.env -diff' }],
      'new name.txt': [{ line: 5, text: 'five' }],
      'sp ace "q" ü.txt': [{ line: 2, text: 'y' }],
      'sub/no-end.txt': [
        { line: 3, text: 'c' },
        { line: 4, text: 'd' },
      ],
      'ta\tb.txt': [{ line: 1, text: 'n\r' }],
      'tricky.sql': [{ line: 2, text: '++ b/evil' }],
    });
    expect([...binary].sort()).toEqual(['data.bin', 'hidden.env']);

    const all = parseAddedLines(await git.text([...args, '--text']));
    expect(all.binary).toEqual([]);
    expect(all.files.find(({ path }) => path === 'hidden.env')?.lines).toEqual([{ line: 1, text: 'A=2' }]);
  });
});
