import { isSemver, SEMVER_VERSION } from './text';

export interface FollowedRange {
  /** The package that the range is about. */
  readonly name: string;
  readonly text: string;
  /** Where `text` starts in the range. */
  readonly at: number;
}

const RANGE = new RegExp(`^((?:workspace:|npm:)?(?:(@[^@/]+/[^@/]+|[^@/]+)@)?[~^=]?)(${SEMVER_VERSION})$`);

/**
 * The version inside a range of package.json that follows the package: `1.2.3`, `^1.2.3`, `~1.2.3`, `=1.2.3`, each also behind
 * `workspace:`, and behind `npm:name@` or `workspace:name@`, where another package stands under the name of this one.
 * Null for any other range: it is a person's decision (`>=1 <3`), or has no version (`workspace:^`, `catalog:`).
 */
export function followedRange(name: string, range: string): FollowedRange | null {
  const match = RANGE.exec(range);
  if (!match) return null;
  const [, prefix = '', alias, text = ''] = match;
  // Without a protocol in front, `name@1.2.3` is the way to a git host's repository.
  if (alias !== undefined && !/^(?:workspace|npm):/.test(prefix)) return null;
  return isSemver(text) ? { name: alias ?? name, text, at: prefix.length } : null;
}

/** The package that a key of `overrides` or `resolutions` is about: `core`, `core@^1`, `ui>core`, `ui/core`, `ui/@desk/core`. */
export function overriddenName(key: string): string {
  const last = key.slice(key.lastIndexOf('>') + 1);
  const [, name = last] = /(?:^|\/)((?:@[^@/]+\/)?[^@/]+)(?:@[^@]*)?$/.exec(last) ?? [];
  return name;
}
