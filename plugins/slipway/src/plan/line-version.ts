import { compare, inc, parse } from 'semver';
import { tagOfVersion } from '../history/releases';
import { finalVersionOf, nextVersion, releaseTypeBetween } from '../version/next-version';
import type { ReleaseType } from '../version/release-type';
import { VersionError } from '../version/version-error';
import type { LineState } from './line-state';
import { PlanError } from './plan-error';

/** Where a version stands already: a tag, or a release that is open. */
type Holder = 'tagged' | 'open';

/** Says whether a line's version is taken, by whom. */
export type IsTaken = (line: Pick<LineState, 'tagPattern' | 'history'>, version: string) => Holder | null;

export interface LineVersion {
  readonly version: string;
  /** Why it is not the next one. */
  readonly reasons: readonly string[];
}

/**
 * The next version of a line that nobody has. A patch, and the number of a pre-release, is counted on; a minor or major
 * version that exists elsewhere is refused, since what it holds would come after what is not in it.
 * @param preid stage of a pre-release; null for a final version.
 */
export function nextFreeVersion(
  line: LineState,
  level: ReleaseType,
  preid: string | null,
  isTaken: IsTaken,
): LineVersion {
  let version = raise(line, level, preid);
  const patch = levelOf(line, version) === 'patch';
  const reasons: string[] = [];
  for (let base = holderOf(line, version, isTaken); base !== null; base = holderOf(line, version, isTaken)) {
    const final = finalVersionOf(base.version);
    const counted = preid !== null && base.version === version ? inc(version, 'prerelease') : null;
    if (counted === null && !patch) throw taken(line, base.version, base.holder);
    reasons.push(`${base.version} is ${describe(line, base.version, base.holder)}`);
    const raised = inc(final, 'patch') ?? final;
    version = counted ?? (preid === null ? raised : `${raised}-${preid}.1`);
  }
  return { version, reasons };
}

/** @throws {PlanError} for a version that exists already. */
export function checkFree(line: LineState, version: string, isTaken: IsTaken): void {
  const holder = isTaken(line, version);
  if (holder !== null) throw taken(line, version, holder);
}

/** Which part a version raises, as people count: from the last stable one on. */
export function levelOf({ stable, current }: Pick<LineState, 'stable' | 'current'>, version: string): ReleaseType {
  const from = stable === null || compare(stable.version, version) >= 0 ? current : stable.version;
  return releaseTypeBetween(from, version);
}

/** The version a level gives, without a look at what is taken. */
export function raise({ current, stable, members }: LineState, level: ReleaseType, preid: string | null): string {
  try {
    return nextVersion(current, level, { preid: preid ?? undefined, stable: stable?.version });
  } catch (error) {
    if (!(error instanceof VersionError)) throw error;
    const whose = members.length === 1 ? ` (${members[0]?.name})` : '';
    throw new PlanError(
      'stage',
      `${error.message}${whose}`,
      'Ask for this stage or a later one with --preid, or finish the pre-release with --graduate',
    );
  }
}

/** A pre-release stands in the way of nobody but itself; its base may be taken too. */
function holderOf(
  line: LineState,
  version: string,
  isTaken: IsTaken,
): { readonly version: string; readonly holder: Holder } | null {
  const base = (parse(version)?.prerelease.length ?? 0) > 0 ? finalVersionOf(version) : version;
  for (const one of new Set([base, version])) {
    const holder = isTaken(line, one);
    if (holder !== null) return { version: one, holder };
  }
  return null;
}

function taken(line: LineState, version: string, holder: Holder): PlanError {
  const tag = tagOfVersion(line.tagPattern, version);
  return new PlanError(
    'taken',
    `version ${version} is ${describe(line, version, holder)}`,
    holder === 'open'
      ? 'Finish that release first or give it up, or ask for another version with --releaseVersion'
      : `git merge ${tag} to release what comes after it, or ask for another version with --releaseVersion`,
  );
}

function describe(line: LineState, version: string, holder: Holder): string {
  const tag = tagOfVersion(line.tagPattern, version);
  return holder === 'open'
    ? `that of another release that is open (${tag})`
    : `tagged ${tag} already, outside this history`;
}
