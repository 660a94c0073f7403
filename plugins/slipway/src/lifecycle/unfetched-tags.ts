import { versionOfTag } from '../history/releases';
import { GitError, type Git } from '../io/git';
import { hasRemote, readRefList } from '../io/remote';
import { PlanError } from '../plan/plan-error';

interface UntaggedLine {
  readonly name: string;
  readonly tagPattern: string;
}

/**
 * Makes sure that lines without a tag here have none on the remote either: a clone that was made without tags looks like
 * one before the first release. One call of the remote, and only for such lines.
 * @throws {PlanError} where the remote has releases of them.
 */
export async function checkUnfetchedTags(git: Git, remote: string, lines: readonly UntaggedLine[]): Promise<void> {
  if (lines.length === 0 || !(await hasRemote(git, remote))) return;
  const tags = await remoteTags(git, remote);
  const missing = lines.flatMap(({ name, tagPattern }) =>
    tags.filter((tag) => versionOfTag(tagPattern, tag) !== null).map((tag) => ({ name, tag })),
  );
  const [first] = missing;
  if (first === undefined) return;
  const more = missing.length === 1 ? '' : ` and ${missing.length - 1} more`;
  throw new PlanError(
    'tagsMissing',
    `${remote} has releases that this clone has no tags of (${first.tag}${more}), so what comes next can't be told`,
    `git fetch --tags ${remote}`,
    missing.slice(0, 20).map(({ name, tag }) => `${name}: ${tag}`),
  );
}

async function remoteTags(git: Git, remote: string): Promise<readonly string[]> {
  const args = ['ls-remote', '--tags', '--refs', remote];
  const result = await git.run(args);
  if (result.exitCode !== 0) throw new GitError(args, result);
  return [...readRefList(result.stdout).keys()].map((ref) => ref.slice('refs/tags/'.length));
}
