import { RunError } from '../io/exec';
import { GitError, type Git } from '../io/git';
import type { RunResult, RunOptions } from '../io/exec';

/**
 * Git as the ledger uses it: without hooks (they belong to the tree), replacement objects (they would forge history on this
 * machine) and guessed identities, always in UTF-8.
 */
const SETTINGS = [
  ['core.hooksPath', '/dev/null'],
  ['user.useConfigOnly', 'true'],
  ['i18n.commitEncoding', 'UTF-8'],
  ['i18n.logOutputEncoding', 'UTF-8'],
].flatMap(([key, value]) => ['-c', `${key}=${value}`]);

const TRIES = 3;

export interface LedgerGit extends Git {
  /** Runs once only: for what must not be repeated blindly. A git that was killed or ran out of time comes back as a failure, `cut` short. */
  once(
    args: readonly string[],
    options?: RunOptions,
  ): Promise<RunResult & { readonly cut: 'killed' | 'timedOut' | null }>;
}

/**
 * `run` and `text` repeat a git that was killed by a signal: `nx` ends a task's whole process tree, so our children may die while
 * we still write the outcome. Everything done through them is safe to repeat.
 */
export function createLedgerGit(git: Git): LedgerGit {
  const plain: Git['run'] = (args, options) =>
    git.run([...SETTINGS, ...args], { ...options, env: { GIT_NO_REPLACE_OBJECTS: '1', ...options?.env } });
  const sturdy: Git['run'] = async (args, options) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await plain(args, options);
      } catch (error) {
        if (attempt >= TRIES || !(error instanceof RunError) || error.failure !== 'crashed') throw error;
      }
    }
  };
  return {
    root: git.root,
    run: sturdy,
    text: async (args, options) => {
      const result = await sturdy(args, options);
      if (result.exitCode !== 0) throw new GitError(args, result);
      return result.stdout.replace(/\n$/, '');
    },
    once: async (args, options) => {
      try {
        return { ...(await plain(args, options)), cut: null };
      } catch (error) {
        if (!(error instanceof RunError) || (error.failure !== 'crashed' && error.failure !== 'timedOut')) throw error;
        const cut = error.failure === 'timedOut' ? 'timedOut' : 'killed';
        return { exitCode: -1, stdout: '', stderr: error.message, cut };
      }
    },
  };
}
