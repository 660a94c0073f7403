import { RELEASE_KINDS, type ReleaseKind } from '../../version/release-types';
import { isFinalVersion } from '../../version/next-version';
import { GeneratorRefusal } from '../refusal';

/**
 * The kind of release that has this version: the one asked for, else what the version says (X.0.0, X.Y.0, X.Y.Z).
 * @throws {GeneratorRefusal} when no release of that kind can have the version.
 */
export function releaseKindOf(version: string, asked?: ReleaseKind): ReleaseKind {
  if (!isFinalVersion(version))
    throw new GeneratorRefusal(
      `${JSON.stringify(version)} is not a version of the form MAJOR.MINOR.PATCH`,
      'Give one such as 1.2.0',
    );
  const [, minor, patch] = version.split('.').map(Number);
  const usual = patch !== 0 ? 'patch' : minor !== 0 ? 'minor' : 'major';
  if (asked === undefined) return usual;
  // A larger kind may skip numbers (from 1.3.0 to 2.1.0), a smaller one can never end in zeros.
  const raises = RELEASE_KINDS[asked].raises;
  const possible = raises === 'major' || (raises === 'minor' && usual !== 'major') || usual === 'patch';
  if (!possible)
    throw new GeneratorRefusal(
      `${version} can't be a ${asked} release: its form is that of a ${usual} one`,
      `Ask for --type=${usual}, or for another version`,
    );
  return asked;
}
