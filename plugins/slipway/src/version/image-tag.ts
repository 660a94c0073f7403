import parse from 'semver/functions/parse';
import { isVersion } from './next-version';
import { VersionError } from './version-error';

/** The most that registries and engines take as a tag. */
const LONGEST = 128;

/**
 * A semantic version as the tag of an image: the same text.
 * @throws {VersionError} for what can't be a tag: build metadata (a tag has no `+`), and more than 128 characters.
 * @example
 * toImageTag('1.2.0-rc.1'); // '1.2.0-rc.1'
 * toImageTag('1.2.0+build.7'); // throws
 */
export function toImageTag(version: string): string {
  if (!isVersion(version)) throw new VersionError(version, 'is not a semantic version');
  if ((parse(version)?.build.length ?? 0) > 0)
    throw new VersionError(version, 'has build metadata, and the tag of an image can hold no +');
  if (version.length > LONGEST)
    throw new VersionError(version, `has ${version.length} characters, and the tag of an image at most ${LONGEST}`);
  return version;
}
