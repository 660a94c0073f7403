import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Git } from '../io/git';
import { parseChanges } from './parse-changes';
import { parseCommit } from './parse-commit';
import { commit, HistoryRepositories } from './testing/repositories';

let repositories: HistoryRepositories;
let git: Git;
beforeEach(async () => {
  repositories = new HistoryRepositories();
  git = await repositories.create();
  await commit(git, 'chore: begin', { a: '1' });
});
afterEach(() => repositories.remove());

const message = () => git.text(['log', '-1', '--format=%B']);
const head = () => git.text(['rev-parse', 'HEAD']);

describe('messages that git itself writes', () => {
  it('of reverts, and of the revert of a revert, whichever way this git calls that', async () => {
    const change = await commit(git, 'feat(a): new\n\nBREAKING CHANGE: gone', { a: '2' });
    await git.text(['revert', '--no-edit', 'HEAD']);
    const revert = await head();
    expect(parseCommit(await message())).toMatchObject({
      type: 'revert',
      subject: 'feat(a): new',
      breaking: false,
      reverts: [change],
    });
    await git.text(['revert', '--no-edit', 'HEAD']);
    expect(parseCommit(await message())).toMatchObject({
      type: 'revert',
      subject: 'Revert "feat(a): new"',
      reverts: [revert],
    });
  });

  it('of the revert of a merge', async () => {
    await git.text(['switch', '--quiet', '--create', 'side']);
    await commit(git, 'feat: side', { b: '1' });
    await git.text(['switch', '--quiet', 'main']);
    await commit(git, 'fix: main', { c: '1' });
    await git.text(['merge', '--quiet', '--no-ff', '--no-edit', 'side']);
    const merge = await head();
    await git.text(['revert', '--no-edit', '-m', '1', 'HEAD']);
    expect(parseCommit(await message())).toMatchObject({ type: 'revert', reverts: [merge] });
  });

  it('of fixups, which are none until they are squashed', async () => {
    await commit(git, 'feat: new', { a: '2' });
    for (const how of ['--fixup=HEAD', '--fixup=amend:HEAD', '--squash=HEAD']) {
      await git.text(['commit', '--quiet', '--allow-empty', how, '--no-edit'], { env: { GIT_EDITOR: 'true' } });
      expect(parseCommit(await message())).toBeNull();
      expect(parseChanges(await message()).map(({ type }) => type)).toEqual([]);
      await git.text(['reset', '--quiet', '--hard', 'HEAD~1']);
    }
  });

  it('of squash-merges', async () => {
    await git.text(['switch', '--quiet', '--create', 'side']);
    await commit(git, 'feat(a): one\n\nBody.\n\nBREAKING CHANGE: gone\n', { b: '1' });
    await commit(git, 'wip', { b: '2' });
    await commit(git, 'fix: two (#12)', { b: '3' });
    await git.text(['switch', '--quiet', 'main']);
    await git.text(['merge', '--squash', '--quiet', 'side']);
    const written = readFileSync(join(git.root, '.git/SQUASH_MSG'), 'utf8');
    for (const text of [written, `Take in side\n\n${written}`]) {
      expect(parseChanges(text)).toEqual([
        expect.objectContaining({ type: 'fix', subject: 'two (#12)', references: ['#12'] }),
        expect.objectContaining({ type: 'feat', scope: 'a', breaking: true, breakingNote: 'gone' }),
      ]);
    }
  });
});
