import { parse } from 'semver';
import type { Git } from '../io/git';
import { shallowError } from './history-error';

/** A release that was made, as its tag tells. */
export interface TaggedRelease {
  readonly version: string;
  /** Short name of the tag. */
  readonly tag: string;
  /** Full id of the commit it marks. */
  readonly commit: string;
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
