// One by one: inference loads this file, and all of semver takes ten times as long.
import type { SemVer } from 'semver';
import compare from 'semver/functions/compare';
import gt from 'semver/functions/gt';
import inc from 'semver/functions/inc';
import parse from 'semver/functions/parse';
import valid from 'semver/functions/valid';
import { RELEASE_TYPES, type ReleaseType } from './release-type';
import { VersionError } from './version-error';

export interface NextVersionOptions {
  /** Stage of the pre-release to make, e.g. `rc`: a letter, then letters, digits and dashes. Without it a final version is made. */
  readonly preid?: string | undefined;
  /** The last stable version, MAJOR.MINOR.PATCH. Default: what `current` implies, as it does where it is final and later. */
  readonly stable?: string | null | undefined;
}

/** Stages in their order. Others have no place in it, and are only held to the order of versions. */
const STAGES: readonly string[] = ['alpha', 'beta', 'rc'];

/**
 * The version after `current`.
 *
 * The maths start from the last stable version, so that a pre-release holds what was demanded since then, and more only
 * raises it: `2.2.0-rc.3` and a breaking change make `3.0.0-rc.1`, or finished `3.0.0`. Without `stable`, a pre-release
 * implies it: `1.2.0-rc.1` is a minor one since some 1.1.x. Pre-releases are numbered from 1 in each stage, on each base.
 * Build metadata of `current` is dropped.
 *
 * @param type the level demanded since `stable`.
 * @throws {VersionError} when `current` or `stable` is no semantic version, for a `preid` that can't be one, when it
 * would go back a stage (alpha, beta, rc), and when the result would not be greater than `current`.
 * @example
 * nextVersion('1.2.3', 'minor'); // '1.3.0'
 * nextVersion('1.2.3', 'minor', { preid: 'rc' }); // '1.3.0-rc.1'
 * nextVersion('1.3.0-rc.1', 'minor', { preid: 'rc' }); // '1.3.0-rc.2'
 * nextVersion('1.3.0-rc.2', 'patch'); // '1.3.0'
 * nextVersion('2.2.0-rc.1', 'major', { preid: 'rc', stable: '2.1.0' }); // '3.0.0-rc.1'
 */
export function nextVersion(current: string, type: ReleaseType, options: NextVersionOptions = {}): string {
  const from = readVersion(current);
  if (!RELEASE_TYPES.includes(type))
    throw new VersionError(
      current,
      `can't be raised by ${JSON.stringify(type)}; a release is ${RELEASE_TYPES.join(', ')}`,
    );
  const stable = options.stable == null ? null : readStable(options.stable);
  const base = baseOf(from, type, stable);
  const { preid } = options;
  const next = preid === undefined ? base : `${base}-${preid}.${numberOf(from, base, preid, stable)}`;
  if (valid(next) === null) throw new VersionError(current, `has numbers too large to count on: ${next}`);
  if (!gt(next, from))
    throw new VersionError(
      current,
      `is not followed by ${next}, which is not greater: ${stable === null ? '' : `that is a ${type} one after ${stable.version}, `}ask for more`,
    );
  return next;
}

/** The final version that this release is, or will be when its pre-releases are done. */
function baseOf(from: SemVer, type: ReleaseType, stable: SemVer | null): string {
  // semver keeps the base of a pre-release where that implies the type already.
  if (stable === null) return raise(from, type);
  const final = from.prerelease.length === 0;
  // A final version is a stable one itself.
  const demanded = raise(final && gt(from, stable) ? from : stable, type);
  if (final) return demanded;
  const begun = finalOf(from);
  return gt(begun, demanded) ? begun : demanded;
}

/** The number within the stage. */
function numberOf(from: SemVer, base: string, preid: string, stable: SemVer | null): number {
  if (!/^[A-Za-z][0-9A-Za-z-]*$/.test(preid)) {
    throw new VersionError(
      preid,
      'is not the id of a pre-release, which is a letter, then letters, digits and dashes: alpha, beta, rc',
    );
  }
  const [stage, number] = from.prerelease;
  // What lies before the last stable version belongs to a series that is over.
  const begun = stable === null || gt(from, stable);
  if (begun && typeof stage === 'string' && rank(preid) >= 0 && rank(preid) < rank(stage)) {
    throw new VersionError(
      from.version,
      `can't go back from ${stage} to ${preid}; go on with ${stage}${stage === 'rc' ? '' : ' or a later stage'}, or finish it`,
    );
  }
  const goesOn = from.prerelease.length > 0 && finalOf(from) === base && stage === preid;
  return goesOn && typeof number === 'number' ? number + 1 : 1;
}

function rank(stage: string): number {
  return STAGES.indexOf(stage.toLowerCase());
}

/** MAJOR.MINOR.PATCH of a version. */
export function finalVersionOf(version: string): string {
  return finalOf(readVersion(version));
}

/** The stage of a pre-release, e.g. `rc`; null for a final version, and for a pre-release that has only numbers. */
export function stageOf(version: string): string | null {
  const [stage] = readVersion(version).prerelease;
  return typeof stage === 'string' ? stage : null;
}

/** Whether a version is a pre-release. */
export function isPrerelease(version: string): boolean {
  return readVersion(version).prerelease.length > 0;
}

/** Whether it is a semantic version, to the letter: no leading v, nothing left out. */
export function isVersion(text: string): boolean {
  // semver also takes a leading v or =, and white space around.
  return valid(text) !== null && /^\d\S*$/.test(text);
}

/** Whether it is MAJOR.MINOR.PATCH and nothing more. */
export function isFinalVersion(text: string): boolean {
  return /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}$/.test(text) && isVersion(text);
}

/**
 * The largest part that grew from `current` to the higher version `next`; pre-release ids don't count. Where neither
 * grew, `current` is a pre-release and implies the type: 1.2.0-rc.1 to 1.2.0 is a minor one.
 * @throws {VersionError} when one is no semantic version, or `next` is not the higher.
 */
export function releaseTypeBetween(current: string, next: string): ReleaseType {
  const [from, to] = [readVersion(current), readVersion(next)];
  if (compare(to, from) <= 0) throw new VersionError(next, `is not greater than ${current}`);
  if (to.major !== from.major) return 'major';
  if (to.minor !== from.minor) return 'minor';
  if (to.patch !== from.patch || to.patch !== 0) return 'patch';
  return to.minor === 0 ? 'major' : 'minor';
}

function raise(version: SemVer, type: ReleaseType): string {
  const next = inc(version.version, type);
  if (next === null) throw new VersionError(version.version, `can't be raised by ${type}`);
  return next;
}

function finalOf({ major, minor, patch }: SemVer): string {
  return `${major}.${minor}.${patch}`;
}

function readVersion(text: string): SemVer {
  const parsed = isVersion(text) ? parse(text) : null;
  if (parsed === null)
    throw new VersionError(text, 'is not a semantic version, which is MAJOR.MINOR.PATCH, e.g. 1.0.0');
  return parsed;
}

function readStable(text: string): SemVer {
  const stable = readVersion(text);
  if (stable.prerelease.length > 0)
    throw new VersionError(text, 'is a pre-release, and so can not be the last stable version');
  return stable;
}
