import { toImageTag } from '../image-tag';
import { fromPep440, toPep440 } from '../pep440';
import { VersionError } from '../version-error';
import { ManifestError, type VersionOwner, type VersionSpan } from './editor';
import { isSemver, lineAt } from './text';

/** How a kind of file spells versions. Both directions throw a {@link VersionError} for what has no such form. */
export interface Dialect {
  /** The semantic version behind the text of a file. */
  read(text: string): string;
  write(version: string): string;
}

function semantic(version: string): string {
  if (isSemver(version)) return version;
  throw new VersionError(version, 'is not a semantic version');
}

export const SEMVER: Dialect = { read: semantic, write: semantic };
export const PEP440: Dialect = { read: fromPep440, write: toPep440 };
export const IMAGE_TAG: Dialect = { read: toImageTag, write: toImageTag };

/** Where a text stands in a file. */
export interface Place {
  readonly path: string;
  readonly content: string;
  readonly start: number;
}

/** @throws {ManifestError} when the text is no version in that dialect. */
export function versionSpan(
  { path, content, start }: Place,
  text: string,
  dialect: Dialect,
  of: VersionOwner,
): VersionSpan {
  const version = readAs(dialect, path, content, start, text);
  return { start, end: start + text.length, text, version, write: (next) => dialect.write(next), of };
}

function readAs(dialect: Dialect, path: string, content: string, start: number, text: string): string {
  try {
    return dialect.read(text);
  } catch (error) {
    if (error instanceof VersionError)
      throw new ManifestError(path, lineAt(content, start), `the version ${error.message}`);
    throw error;
  }
}
