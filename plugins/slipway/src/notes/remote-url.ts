import { GitError, type Git } from '../io/git';

/** URL of a remote as git uses it; null where this repository has no such remote. */
export async function readRemoteUrl(git: Git, remote: string): Promise<string | null> {
  const args = ['remote', 'get-url', remote];
  const result = await git.run(args);
  if (result.exitCode === 0) return result.stdout.split('\n')[0] ?? null;
  if (/No such remote/i.test(result.stderr)) return null;
  throw new GitError(args, result);
}
