import type { Wish } from './asked';
import { headerOf, shortId, type Counted } from './classify';
import type { LineState } from './line-state';
import { raise } from './line-version';
import { PlanError } from './plan-error';
import type { ForwardPort, RecordedPlan } from './plan-input';
import type { PlannedCommit } from './release-plan';
import type { ReleaseType } from '../version/release-type';
import { stageOf } from '../version/next-version';

/** @throws {PlanError} when no commit demands a release and nobody asks for one, or there is nothing new at all. */
export function checkNews(
  commits: readonly PlannedCommit[],
  { history, stable, current }: LineState,
  wish: Wish,
  wanted: boolean,
): void {
  if (wish.graduate) return;
  // The next stage is a release of what is there already.
  if (wish.preid !== null && stageOf(current) !== null && stageOf(current) !== wish.preid) return;
  const last = wish.preid === null ? stable : (history.latest ?? stable);
  const since = last === null ? 'in the history' : `since ${last.tag}`;
  const news = commits.filter(
    ({ skippedAs, prerelease }) =>
      skippedAs !== 'release' && skippedAs !== 'merge' && (wish.preid === null || prerelease === null),
  );
  if (wanted || (wish.level !== null && news.length > 0)) return;
  const reason = news.length === 0 ? `there are no commits ${since}` : `no commit ${since} demands a release`;
  throw new PlanError(
    'nothingToRelease',
    `nothing to release: ${reason}`,
    wish.goesOn
      ? `Finish the pre-release ${current} with --graduate, or commit something first`
      : news.length === 0
        ? 'Commit something first'
        : 'Release it all the same by asking for a type, e.g. --type=patch',
    news.map((commit) => `${shortId(commit.id)} ${headerOf(commit)}: ${commit.skipped ?? 'counts'}`),
  );
}

/** @throws {PlanError} naming every commit that matters and whose message says nothing. */
export function checkStrict(commits: readonly PlannedCommit[]): void {
  const wrong = commits.filter(({ skippedAs }) => skippedAs === 'unconventional');
  if (wrong.length === 0) return;
  throw new PlanError(
    'unconventional',
    `${wrong.length} ${wrong.length === 1 ? 'commit has' : 'commits have'} no conventional message, and commits.strict is set in slipway.json`,
    'Reword what is not pushed yet (git rebase -i), or switch commits.strict off',
    wrong.map((commit) => `${shortId(commit.id)} ${headerOf(commit)}`),
  );
}

/**
 * Whether commits of a hotfix are missing and a reason was given for that.
 * @throws {PlanError} where they are missing without one.
 */
export function checkForwardPorts(forwardPorts: readonly ForwardPort[], override: string | null): boolean {
  const open = forwardPorts.filter(({ missing }) => missing.length > 0);
  const [first] = open;
  if (first === undefined) return false;
  if (override !== null) return true;
  const missing = open.flatMap((port) => port.missing);
  throw new PlanError(
    'forwardPort',
    `the fix of hotfix ${first.version} is not in this commit, so releasing it would bring the fault back`,
    `git cherry-pick -x ${missing.join(' ')}, or say why it is left out: --override="…"`,
    open.flatMap(({ version, missing: ids }) => ids.map((id) => `${shortId(id)} of ${version}`)),
  );
}

/** @throws {PlanError} always: naming the commits that demand more. */
export function refuseTooSmall(
  wish: Wish,
  demanded: ReleaseType,
  owner: LineState,
  counted: readonly Counted[],
): never {
  const because = counted.filter(({ demands }) => demands === demanded);
  const [first] = because;
  const asked = wish.version ?? (wish.level === null ? owner.current : raise(owner, wish.level, wish.preid));
  throw new PlanError(
    'tooSmall',
    `version ${asked} was asked for, a ${wish.hotfix ? 'hotfix' : wish.level} release, but the commits demand a ${demanded} one` +
      (first ? `: ${shortId(first.commit.id)} ${first.why}` : ''),
    `Ask for ${demanded}, which gives ${raise(owner, demanded, wish.preid)}, or for nothing, or say why less is enough: --override="…"`,
    because.map(({ commit }) => `${shortId(commit.id)} ${headerOf(commit)}`),
  );
}

/** @throws {PlanError} always: a line needs a new version now and did not when the release was planned. */
export function refuseUnrecorded({ projects }: LineState, { version }: RecordedPlan): never {
  throw new PlanError(
    'tooSmall',
    `release ${version} was planned without ${projects.slice(0, 3).join(', ')}, which would get a new version by now`,
    'Give that plan up with release-abandon, and plan again',
  );
}
