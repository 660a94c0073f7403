import { versionOfTag } from '../history/releases';
import { isPrerelease, stageOf } from '../version/next-version';
import type { Wish } from './asked';
import type { LineState } from './line-state';
import { levelOf } from './line-version';
import type { RecordedPlan } from './plan-input';

/** What must have been asked for to give the plan that was recorded. */
export function recordedWish(recorded: RecordedPlan, owner: LineState): Wish {
  const { version, type, override } = recorded;
  return {
    level: levelOf(owner, version),
    version,
    preid: isPrerelease(version) ? stageOf(version) : null,
    graduate: false,
    goesOn: false,
    hotfix: type === 'hotfix',
    override,
  };
}

/** The version that the recorded plan gave to a line; null where it gave none. */
export function recordedVersion({ tags }: RecordedPlan, { tagPattern }: Pick<LineState, 'tagPattern'>): string | null {
  for (const { name, version } of tags) if (versionOfTag(tagPattern, name) === version) return version;
  return null;
}
