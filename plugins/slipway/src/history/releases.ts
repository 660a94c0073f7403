import { compareBuild, parse } from 'semver';
import { GitError, type Git } from '../io/git';
import { HistoryError, shallowError } from './history-error';

/** A release that was made, as its tag tells. */
export interface TaggedRelease {
  readonly version: string;
  /** Short name of the tag. */
  readonly tag: string;
  /** Full id of the commit it marks. */
  readonly commit: string;
}

const FIELDS = ['%(refname)', '%(objecttype)', '%(objectname)', '%(*objecttype)', '%(*objectname)'] as const;

/**
 * The highest version whose tag matches `tagPattern` and is merged into `head`; null where there is none, which makes the
 * next release the first.
 * @param tagPattern holds `{version}` once, e.g. `v{version}`; the rest is literal.
 * @param head full id of a commit.
 * @throws {HistoryError} in a shallow clone, which could hide the last release, and for an unknown commit.
 */
export async function lastRelease(git: Git, tagPattern: string, head: string): Promise<TaggedRelease | null> {
  await checkComplete(git);
  const args = ['for-each-ref', `--merged=${head}`, `--format=${FIELDS.join('%00')}`, 'refs/tags/'];
  const result = await git.run(args);
  if (result.exitCode !== 0) {
    if (/malformed object name|no such commit|not a commit/.test(result.stderr)) {
      throw new HistoryError(
        'unknownCommit',
        `${JSON.stringify(head)} is not a commit of this repository`,
        'Make a first commit, or fetch the missing one with: git fetch --tags',
      );
    }
    throw new GitError(args, result);
  }
  let last: TaggedRelease | null = null;
  for (const line of result.stdout.split('\n')) {
    if (line === '') continue;
    const [ref = '', type, id, peeledType, peeledId] = line.split('\0');
    const tag = ref.slice('refs/tags/'.length);
    const version = versionOfTag(tagPattern, tag);
    if (version === null || (last !== null && compareBuild(version, last.version) <= 0)) continue;
    const commit =
      type === 'commit'
        ? id
        : peeledType === 'commit'
          ? peeledId
          : await git.text(['rev-parse', '--verify', `${ref}^{commit}`]);
    if (!commit)
      throw new HistoryError(
        'unreadable',
        `git did not say which commit the tag ${tag} marks`,
        `Look at it with: git show ${tag}`,
      );
    last = { version, tag, commit };
  }
  return last;
}

/** @throws {HistoryError} in a shallow clone: what is missing from it can't be told from what never was. */
export async function checkComplete(git: Git): Promise<void> {
  if ((await git.text(['rev-parse', '--is-shallow-repository'])) === 'true') {
    throw shallowError();
  }
}

/** The tag of a version, by a pattern that holds `{version}`. */
export function tagOfVersion(pattern: string, version: string): string {
  return pattern.replace('{version}', () => version);
}

/** The version in a tag, as the tag spells it; null where the tag does not match the pattern or holds no semantic version. */
export function versionOfTag(pattern: string, tag: string): string | null {
  const at = pattern.indexOf('{version}');
  if (at < 0) throw new TypeError(`the tag pattern ${JSON.stringify(pattern)} has no {version}`);
  const before = pattern.slice(0, at);
  const after = pattern.slice(at + '{version}'.length);
  if (tag.length < before.length + after.length || !tag.startsWith(before) || !tag.endsWith(after)) return null;
  const version = tag.slice(before.length, tag.length - after.length);
  // semver also takes a leading v or = and white space, which would make `vv1.0.0` match `v{version}`.
  const parsed = parse(version);
  return parsed !== null && parsed.raw === version && /^\d/.test(version) ? version : null;
}
