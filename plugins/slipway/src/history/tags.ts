import { compareBuild, prerelease } from 'semver';
import { GitError, type Git } from '../io/git';
import { TRUE_HISTORY } from './read-log';
import { versionOfTag, type TaggedRelease } from './releases';

/** A tag of the repository and what it marks in the end: a commit, as good as always. */
export interface TagRef {
  /** Short name. */
  readonly name: string;
  /** Full id. */
  readonly target: string;
}

/** Releases of one line, by its tag pattern, highest version first. */
export interface LineTags {
  readonly name: string;
  readonly tagPattern: string;
  readonly releases: readonly LineTag[];
}

export interface LineTag extends TaggedRelease {
  readonly stable: boolean;
}

/**
 * All tags of the repository, in one process. `show-ref` rather than `for-each-ref`: it follows tags of tags to the end and
 * takes that from packed-refs where it is noted, a third of the time for 3,000 tags.
 */
export async function readTags(git: Git): Promise<readonly TagRef[]> {
  const args = ['show-ref', '--tags', '--dereference'];
  const result = await git.run(args, { env: TRUE_HISTORY });
  // 1: there is no tag.
  if (result.exitCode > 1 || (result.exitCode === 1 && result.stderr !== '')) throw new GitError(args, result);
  const targets = new Map<string, string>();
  for (const line of result.stdout.split('\n')) {
    const space = line.indexOf(' ');
    if (space < 0) continue;
    // The peeled line comes after the tag's own. No ref's name can hold ^.
    const name = line.slice(space + 1 + 'refs/tags/'.length).replace(/\^\{\}$/, '');
    targets.set(name, line.slice(0, space));
  }
  return [...targets].map(([name, target]) => ({ name, target }));
}

/** Sorts tags to the lines whose patterns they match; a look at each tag, whatever the number of lines. */
export function matchTags(
  lines: readonly { readonly name: string; readonly tagPattern: string }[],
  tags: readonly TagRef[],
): readonly LineTags[] {
  const byPrefix = new Map<string, number[]>();
  for (const [index, { tagPattern }] of lines.entries()) {
    const prefix = tagPattern.slice(0, Math.max(0, tagPattern.indexOf('{version}')));
    byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), index]);
  }
  const found: LineTag[][] = lines.map(() => []);
  for (const { name, target } of tags) {
    for (let at = 0; at < name.length; at += 1) {
      // A version begins with a digit, so only before one can a prefix end.
      if (!isDigit(name.charCodeAt(at))) continue;
      for (const index of byPrefix.get(name.slice(0, at)) ?? []) {
        const version = versionOfTag(lines[index]?.tagPattern ?? '', name);
        if (version !== null)
          found[index]?.push({ version, tag: name, commit: target, stable: prerelease(version) === null });
      }
    }
  }
  return lines.map(({ name, tagPattern }, index) => ({
    name,
    tagPattern,
    releases: (found[index] ?? []).sort((a, b) => compareBuild(b.version, a.version)),
  }));
}

/** Which of these tags are merged into a commit, in one process. */
export async function mergedTags(git: Git, head: string, names: readonly string[]): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set();
  // All of them where the names would make too long a command line.
  const refs = names.length > 200 ? ['refs/tags/'] : names.map((name) => `refs/tags/${name}`);
  const output = await git.text(['for-each-ref', `--merged=${head}`, '--format=%(refname)', ...refs], {
    env: TRUE_HISTORY,
  });
  const wanted = new Set(names);
  return new Set(
    output
      .split('\n')
      .map((ref) => ref.slice('refs/tags/'.length))
      .filter((name) => wanted.has(name)),
  );
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
