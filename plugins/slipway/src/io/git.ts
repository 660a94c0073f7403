import type { Run, RunOptions, RunResult } from './exec';

/** Git in one repository. */
export interface Git {
  readonly root: string;
  /** Runs git and returns its result whatever the exit code. */
  run(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /**
   * Runs git and returns its standard output without the final newline.
   * @throws {GitError} on a non-zero exit.
   */
  text(args: readonly string[], options?: RunOptions): Promise<string>;
}

export class GitError extends Error {
  override readonly name = 'GitError';
  constructor(
    readonly args: readonly string[],
    readonly result: RunResult,
  ) {
    super(`git ${args.join(' ')} failed (exit ${result.exitCode}): ${result.stderr.trim() || result.stdout.trim()}`);
  }
}

/** No prompts, no pager, no translated messages: output is read by a program. */
const ENVIRONMENT = { GIT_TERMINAL_PROMPT: '0', GIT_PAGER: 'cat', LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' } as const;

export function createGit(run: Run, root: string): Git {
  const git: Git = {
    root,
    run: (args, options) => run(['git', ...args], { ...options, cwd: root, env: { ...ENVIRONMENT, ...options?.env } }),
    text: async (args, options) => {
      const result = await git.run(args, options);
      if (result.exitCode !== 0) throw new GitError(args, result);
      return result.stdout.replace(/\n$/, '');
    },
  };
  return git;
}
