import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRun } from '../io/exec';
import { createGit, type Git } from '../io/git';
import { GIT_ENV, Repositories } from '../ledger/testing/repositories';
import { missingFrom, readForwardPorts } from './forward-ports';

const repositories = new Repositories();
afterAll(() => repositories.remove());

interface Work {
  readonly git: Git;
  readonly at: (...args: string[]) => string;
  readonly change: (file: string, text: string, message: string) => string;
}

/** `fix` has two commits that main lacks. */
function work(name: string): Work & { readonly fixes: readonly [string, string] } {
  const root = repositories.clone(name, undefined, 'dana');
  const at = (...args: string[]): string => repositories.git(root, ...args);
  const change = (file: string, text: string, message: string): string => {
    writeFileSync(join(root, file), text);
    at('add', '-A');
    at('commit', '-q', '-m', message);
    return at('rev-parse', 'HEAD');
  };
  change('a.txt', '1\n2\n3\n', 'feat: start');
  at('switch', '-q', '-c', 'fix');
  const fixes = [change('a.txt', '1\n2 mended\n3\n', 'fix: a'), change('b.txt', 'b\n', 'fix: b')] as const;
  at('switch', '-q', 'main');
  return { git: createGit(createRun({ cwd: root, env: GIT_ENV }), root), at, change, fixes };
}

describe('what main lacks of a hotfix', () => {
  it('is nothing of what was merged or picked, and all of the rest', async () => {
    const { git, at, change, fixes } = work('picked');
    change('c.txt', 'c\n', 'feat: meanwhile');
    expect(await missingFrom(git, at('rev-parse', 'HEAD'), fixes)).toEqual(fixes);
    at('cherry-pick', fixes[1]);
    expect(await missingFrom(git, at('rev-parse', 'HEAD'), fixes)).toEqual([fixes[0]]);
    at('merge', '-q', '-m', 'merge', 'fix');
    expect(await missingFrom(git, at('rev-parse', 'HEAD'), fixes)).toEqual([]);
  });

  it('is nothing of what a message names as picked, whatever it changed', async () => {
    const { git, at, change, fixes } = work('named');
    change('a.txt', 'all is different\n', `fix: a, here\n\n(cherry picked from commit ${fixes[0]})`);
    at('commit', '-q', '--allow-empty', '-m', `chore: main never had it\n\n(cherry picked from commit ${fixes[1]})`);
    expect(await missingFrom(git, at('rev-parse', 'HEAD'), fixes)).toEqual([]);
  });

  it('is not in by a message that only speaks of it', async () => {
    const { git, at, fixes } = work('spoken');
    at('commit', '-q', '--allow-empty', '-m', `docs: x\n\nnot yet (cherry picked from commit ${fixes[0]}) is it`);
    expect(await missingFrom(git, at('rev-parse', 'HEAD'), [fixes[0]])).toEqual([fixes[0]]);
  });

  it('is all of it in a clone that never got the commits', async () => {
    const { git, at } = work('away');
    expect(await missingFrom(git, at('rev-parse', 'HEAD'), ['d'.repeat(40)])).toEqual(['d'.repeat(40)]);
  });

  it('is told by hotfix', async () => {
    const { git, at, fixes } = work('ports');
    const opened = { kind: 'forwardport.opened', version: '1.0.1', commits: fixes, at: '', by: '', id: '' } as const;
    const head = at('rev-parse', 'HEAD');
    expect(await readForwardPorts(git, { forwardPorts: [opened] }, head)).toEqual([
      { version: '1.0.1', commits: fixes, missing: fixes },
    ]);
    expect(await readForwardPorts(git, { forwardPorts: [] }, head)).toEqual([]);
  });
});
