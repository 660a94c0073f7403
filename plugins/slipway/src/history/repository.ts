import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { errorCode } from '../io/error-code';
import { GitError, type Git } from '../io/git';
import { HistoryError } from './history-error';
import { TRUE_HISTORY } from './read-log';

/** What history depends on besides its commits. */
export interface RepositoryFacts {
  /** Full id. */
  readonly head: string;
  /** Absolute path of the git directory that all worktrees share. */
  readonly gitDir: string;
  /** The workspace within the repository, with a final `/`; empty at its root. */
  readonly prefix: string;
  /** `sha1` or `sha256`. */
  readonly objectFormat: string;
}

/**
 * @param head an id, or a name such as HEAD.
 * @throws {HistoryError} where it means no commit, as in a repository without one.
 */
export async function readFacts(git: Git, head: string): Promise<RepositoryFacts> {
  if (head === '' || head.startsWith('-')) throw unknownHead(head);
  const args = ['rev-parse', '--show-object-format', '--git-common-dir', '--show-prefix', `${head}^{commit}`];
  const result = await git.run(args, { env: TRUE_HISTORY });
  if (result.exitCode !== 0) {
    if (/unknown revision|bad revision|does not exist|Needed a single revision|not a valid object/.test(result.stderr))
      throw unknownHead(head);
    throw new GitError(args, result);
  }
  const [objectFormat = '', commonDir = '', prefix = '', id = '', ...more] = result.stdout.split('\n');
  if (!/^[0-9a-f]{40,64}$/.test(id) || more.join('') !== '') {
    throw new HistoryError(
      'unreadable',
      'git rev-parse answered in a form that Slipway does not know',
      'Check `git --version`: Slipway needs git 2.38 or newer',
    );
  }
  return { head: id, gitDir: resolve(git.root, commonDir), prefix, objectFormat };
}

/** Where a shallow clone ends: commits that git shows without their parents. Empty in a whole one. */
export async function readShallow(gitDir: string): Promise<ReadonlySet<string>> {
  try {
    const text = await readFile(join(gitDir, 'shallow'), 'utf8');
    return new Set(text.split('\n').filter((line) => line !== ''));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return new Set();
    throw error;
  }
}

function unknownHead(head: string): HistoryError {
  return new HistoryError(
    'unknownCommit',
    `${JSON.stringify(head)} is not a commit of this repository`,
    'Make a first commit, or fetch the missing one with: git fetch --tags',
  );
}
