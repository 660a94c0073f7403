import { inc, parse, valid } from 'semver';
import type { ReleaseType } from './release-type';

/**
 * The version after `current`. A pre-release is finished by a bump that it already holds: 1.2.0-rc.1 becomes 1.2.0 by minor.
 * @throws {TypeError} when `current` is no semantic version.
 */
export function nextVersion(current: string, type: ReleaseType): string {
  const next = isVersion(current) ? inc(current, type) : null;
  if (next === null) throw new TypeError(`${JSON.stringify(current)} is not a semantic version`);
  return next;
}

/** Whether it is a semantic version, to the letter: no leading v, nothing left out. */
export function isVersion(text: string): boolean {
  return valid(text) !== null && parse(text)?.raw === text && /^\d/.test(text);
}

/** Whether it is MAJOR.MINOR.PATCH and nothing more. */
export function isFinalVersion(text: string): boolean {
  return /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}$/.test(text) && isVersion(text);
}

/** The largest part that grew from `current` to the higher version `next`. */
export function releaseTypeBetween(current: string, next: string): ReleaseType {
  const [from, to] = [parse(current), parse(next)];
  if (from === null || to === null)
    throw new TypeError(`${JSON.stringify(from === null ? current : next)} is not a semantic version`);
  if (to.major !== from.major) return 'major';
  return to.minor !== from.minor ? 'minor' : 'patch';
}
