import parse from 'semver/functions/parse';
import { isVersion } from './next-version';
import { VersionError } from './version-error';

const TO_LETTER: ReadonlyMap<string, string> = new Map([
  ['alpha', 'a'],
  ['beta', 'b'],
  ['rc', 'rc'],
]);
const TO_STAGE: ReadonlyMap<string, string> = new Map([...TO_LETTER].map(([stage, letter]) => [letter, stage]));

/**
 * A semantic version as Python spells it (PEP 440).
 * @throws {VersionError} for what has no such form, or none that leads back: build metadata, and pre-releases other than
 * `alpha.N`, `beta.N` and `rc.N`.
 * @example
 * toPep440('1.2.0'); // '1.2.0'
 * toPep440('1.2.0-rc.1'); // '1.2.0rc1'
 * toPep440('1.2.0-next.1'); // throws
 */
export function toPep440(version: string): string {
  const parsed = isVersion(version) ? parse(version) : null;
  if (parsed === null) throw new VersionError(version, 'is not a semantic version');
  if (parsed.build.length > 0)
    throw new VersionError(
      version,
      'has build metadata: PEP 440 would make that a local version, which package indexes refuse',
    );
  const { major, minor, patch, prerelease } = parsed;
  const final = `${major}.${minor}.${patch}`;
  const [stage, number, ...more] = prerelease;
  if (stage === undefined) return final;
  const letter = typeof stage === 'string' ? TO_LETTER.get(stage) : undefined;
  if (letter === undefined) {
    throw new VersionError(
      version,
      `can't be a version of a Python package: PEP 440 knows the pre-releases alpha.N, beta.N and rc.N, and no ${JSON.stringify(prerelease.join('.'))}`,
    );
  }
  if (typeof number !== 'number' || more.length > 0) {
    throw new VersionError(
      version,
      `can't be a version of a Python package: in PEP 440 a pre-release has one number, e.g. ${final}-${stage}.1`,
    );
  }
  return `${final}${letter}${number}`;
}

/** PEP 440, appendix B, as its parts: everything that Python tools take for a version. */
const PEP440 = new RegExp(
  [
    '^v?',
    '(?:(?<epoch>\\d+)!)?',
    '(?<release>\\d+(?:\\.\\d+)*)',
    '(?<pre>[-_.]?(?<letter>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?<number>\\d*))?',
    '(?<post>-\\d+|[-_.]?(?:post|rev|r)[-_.]?\\d*)?',
    '(?<dev>[-_.]?dev[-_.]?\\d*)?',
    '(?:\\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?$',
  ].join(''),
  'i',
);

const CANONICAL_LETTER: ReadonlyMap<string, string> = new Map([
  ['alpha', 'a'],
  ['beta', 'b'],
  ['c', 'rc'],
  ['pre', 'rc'],
  ['preview', 'rc'],
]);

/**
 * A Python version (PEP 440) as a semantic one.
 * @throws {VersionError} for what has no such form: epochs, `.post`, `.dev` and local versions, more or fewer numbers
 * than three; also for another spelling than the canonical one, which it names.
 * @example
 * fromPep440('1.2.0rc1'); // '1.2.0-rc.1'
 * fromPep440('1.2.0.post1'); // throws
 */
export function fromPep440(version: string): string {
  const groups = PEP440.exec(version.trim())?.groups;
  if (!groups) throw new VersionError(version, 'is not a version by PEP 440');
  const { epoch, release = '', pre, letter = '', number = '', post, dev, local } = groups;
  const refuse = (what: string): never => {
    throw new VersionError(version, `${what}, which semantic versions have no form for`);
  };
  if (epoch !== undefined) refuse('has an epoch');
  if (post !== undefined) refuse('is a post-release');
  if (dev !== undefined) refuse('is a development release');
  if (local !== undefined) refuse('is a local version');
  const numbers = release.split('.').map(withoutZeros);
  if (numbers.length > 3) refuse(`has ${numbers.length} numbers`);
  const lower = letter.toLowerCase();
  const canonicalLetter = CANONICAL_LETTER.get(lower) ?? lower;
  const final = [...numbers, '0', '0'].slice(0, 3).join('.');
  const canonical = final + (pre === undefined ? '' : `${canonicalLetter}${withoutZeros(number || '0')}`);
  if (canonical !== version)
    throw new VersionError(version, `is spelled otherwise than Slipway does; write ${canonical}`);
  const semantic = pre === undefined ? final : `${final}-${TO_STAGE.get(canonicalLetter)}.${withoutZeros(number)}`;
  if (!isVersion(semantic)) throw new VersionError(version, 'has numbers too large for a semantic version');
  return semantic;
}

function withoutZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '');
}
