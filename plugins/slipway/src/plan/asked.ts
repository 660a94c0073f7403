import { gt } from 'semver';
import { isFinalVersion, isPrerelease, nextVersion, releaseTypeBetween, stageOf } from '../version/next-version';
import { compareReleaseTypes, type ReleaseType } from '../version/release-type';
import type { LineState } from './line-state';
import { PlanError } from './plan-error';
import type { Asked } from './plan-input';

/** What was asked for, checked against the version that the release has now. */
export interface Wish {
  /** Null where the commits decide. */
  readonly level: ReleaseType | null;
  /** The version itself, where it was named. */
  readonly version: string | null;
  /** Stage of the pre-release that is made; null for a final version. */
  readonly preid: string | null;
  readonly graduate: boolean;
  /** Whether the pre-release goes on only because nothing else was asked. */
  readonly goesOn: boolean;
  readonly hotfix: boolean;
  readonly override: string | null;
}

/**
 * Reads what was asked for. A series of pre-releases goes on until it is finished on purpose.
 * @throws {PlanError} for what is no version, is not greater, or contradicts itself.
 */
export function readWish(asked: Asked, { current, stable }: LineState): Wish {
  const { type, version, preid, graduate = false } = asked;
  const hotfix = type === 'hotfix';
  const level = hotfix ? 'patch' : (type ?? null);
  const override = asked.override?.trim() ? asked.override.trim() : null;
  const stage = isPrerelease(current) ? stageOf(current) : null;
  if (graduate && preid !== undefined)
    throw new PlanError(
      'contradiction',
      `--graduate finishes the pre-release, and --preid=${preid} goes on with it`,
      'Ask for one of the two',
    );
  if (graduate && !isPrerelease(current))
    throw new PlanError(
      'notPrerelease',
      `${current} is no pre-release, so there is nothing to finish`,
      'Leave out --graduate',
    );
  const common = { graduate, hotfix, override };
  if (version === undefined) {
    const goesOn = !graduate && preid === undefined && isPrerelease(current);
    if (goesOn && stage === null) {
      throw new PlanError(
        'stage',
        `${current} is a pre-release without a name, which can't be gone on with`,
        'Name its stage, e.g. --preid=rc, or finish it with --graduate',
      );
    }
    return { ...common, level, version: null, preid: preid ?? (graduate ? null : stage), goesOn };
  }
  if (preid !== undefined)
    throw new PlanError(
      'contradiction',
      `version ${version} and a pre-release (--preid=${preid}) were asked for`,
      'Ask for one of the two',
    );
  const example = (wanted: ReleaseType): string => nextVersion(current, wanted, { stable: stable?.version });
  if (!isFinalVersion(version)) {
    throw new PlanError(
      'invalidVersion',
      `${JSON.stringify(version)} was asked for, which is not MAJOR.MINOR.PATCH`,
      `Ask for a version such as ${example(level ?? 'minor')}; pre-releases are asked for with --preid`,
    );
  }
  if (!gt(version, current)) {
    throw new PlanError(
      'notGreater',
      `version ${version} was asked for, which is not greater than the current one, ${current}`,
      `Ask for ${example(level ?? 'patch')} or greater, or for none`,
    );
  }
  const from = stable?.version ?? current;
  const grown = releaseTypeBetween(from, version);
  if (level !== null && level !== grown) {
    throw new PlanError(
      'contradiction',
      `a ${type} release and version ${version} were asked for, but from ${from} that version is a ${grown} one`,
      `Ask for one of the two; ${type} alone gives ${example(level)}`,
    );
  }
  return { ...common, level: grown, version, preid: null, goesOn: false };
}

/** Whether less is asked for than the commits demand. */
export function isTooSmall({ level }: Pick<Wish, 'level'>, demanded: ReleaseType | null): boolean {
  return level !== null && demanded !== null && compareReleaseTypes(level, demanded) < 0;
}
