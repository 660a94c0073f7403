import { gt } from 'semver';
import { tagOfVersion } from '../history/releases';
import { isFinalVersion, isPrerelease, stageOf } from '../version/next-version';
import { largestReleaseType, type ReleaseType } from '../version/release-type';
import { isTooSmall, readWish, type Wish } from './asked';
import { classifyHistory, type Classified, type Counted } from './classify';
import { findDependents, type Dependents } from './dependents';
import { checkHotfixRange, startHotfix } from './hotfix';
import { readLineStates, type LineState } from './line-state';
import { checkFree, levelOf, nextFreeVersion, raise, type IsTaken } from './line-version';
import type { PlanInput } from './plan-input';
import { planProjects, type LineBump } from './planned-projects';
import { recordedVersion, recordedWish } from './recorded';
import { checkForwardPorts, checkNews, checkStrict, refuseTooSmall, refuseUnrecorded } from './refusals';
import type { ReleasePlan } from './release-plan';

export type { PlanInput, PlanProject } from './plan-input';

/**
 * Decides the next release. The same input gives the same plan.
 *
 * The release's own line always gets a new version, since it names the release; another line gets one where commits
 * demand it, where a member depends on one that gets one, and where a final release finishes its pre-release. A line that
 * was never released starts from the version in its manifests, and every commit counts.
 *
 * A pre-release goes on until it is finished on purpose. What it demands counts from the last stable version; whether
 * there is anything new, from the last pre-release.
 * @throws {PlanError} when there is nothing to release, versions disagree, or what was asked for can't be.
 */
export function makePlan(input: PlanInput): ReleasePlan {
  const hotfix = (input.recorded?.type ?? input.asked?.type) === 'hotfix';
  const lines = readLineStates({ ...input, lines: hotfix ? input.lines.map(startOf(input)) : input.lines });
  const owner = lines.find(({ name }) => name === input.ownerLine);
  if (owner === undefined) throw new TypeError(`no line is called ${input.ownerLine}`);
  const wish = input.recorded === undefined ? readWish(input.asked ?? {}, owner) : recordedWish(input.recorded, owner);
  const classified = classify(input, lines, wish);
  if (input.policy.commits.strict) checkStrict(classified.commits);
  if (hotfix) checkHotfixRange(classified.commits, input.policy.freeze, owner.stable?.tag ?? owner.current);

  const demands = new Map(lines.map((line) => [line.name, demandOn(line, classified, wish)]));
  const own = demands.get(owner.name);
  if (input.recorded === undefined)
    checkNews(
      classified.commits,
      owner,
      wish,
      [...demands.values()].some(({ wanted }) => wanted),
    );
  const tooSmall = isTooSmall(wish, own?.level ?? null);
  if (tooSmall && wish.override === null && own?.level)
    refuseTooSmall(wish, own.level, owner, classified.counted.get(owner.name) ?? []);
  const missing =
    hotfix || input.recorded !== undefined ? false : checkForwardPorts(input.forwardPorts ?? [], wish.override);

  const wanted = lines.filter(({ name }) => name === owner.name || demands.get(name)?.wanted);
  const dependents = findDependents(
    lines,
    wanted.map(({ name }) => name),
  );
  const isTaken = takenBy(input.taken ?? new Set());
  const bumps = new Map<string, LineBump>();
  for (const line of lines) {
    if (!dependents.has(line.name)) continue;
    const level = line === owner && wish.level !== null ? wish.level : (demands.get(line.name)?.level ?? 'patch');
    bumps.set(line.name, { level, ...versionOf(line, line === owner, level, wish, input, isTaken) });
  }
  return describe({
    input,
    lines,
    owner,
    wish,
    classified,
    bumps,
    dependents,
    hotfix,
    overridden: tooSmall || missing,
  });
}

function startOf(input: PlanInput): (line: PlanInput['lines'][number]) => PlanInput['lines'][number] {
  return (line) => (line.name === input.ownerLine ? startHotfix(line, input) : line);
}

function classify(input: PlanInput, lines: readonly LineState[], { preid }: Wish): Classified {
  return classifyHistory({
    ...input,
    policy: input.policy.commits,
    prerelease: preid !== null,
    lines: lines.map(({ name, projects, current, stable, history }) => ({
      name,
      projects,
      version: stable?.version ?? current,
      commits: history.commits,
      prereleases: history.prereleases,
    })),
  });
}

interface LineDemand {
  /** Since the last stable version; null where nothing is demanded. */
  readonly level: ReleaseType | null;
  /** Whether it gets a new version for its own sake. */
  readonly wanted: boolean;
}

function demandOn(line: LineState, { counted }: Classified, { preid }: Wish): LineDemand {
  const own: readonly Counted[] = counted.get(line.name) ?? [];
  const level = largestReleaseType(own.map(({ demands }) => demands));
  // A pre-release is made for what is new since the one before; a final version for all since the last final one.
  const wanted =
    preid === null ? level !== null || isPrerelease(line.current) : own.some(({ prerelease }) => prerelease === null);
  return { level, wanted };
}

function takenBy(open: ReadonlySet<string>): IsTaken {
  return ({ history, tagPattern }, version) => {
    if (history.taken.has(version)) return 'tagged';
    return open.has(tagOfVersion(tagPattern, version)) ? 'open' : null;
  };
}

function versionOf(
  line: LineState,
  isOwner: boolean,
  level: ReleaseType,
  wish: Wish,
  { recorded }: PlanInput,
  isTaken: IsTaken,
): Pick<LineBump, 'next' | 'reasons'> {
  if (recorded !== undefined) {
    const version = isOwner ? recorded.version : recordedVersion(recorded, line);
    if (version === null) refuseUnrecorded(line, recorded);
    return { next: version, reasons: [] };
  }
  if (isOwner && wish.version !== null) {
    checkFree(line, wish.version, isTaken);
    const usual = raise(line, level, null);
    return { next: wish.version, reasons: usual === wish.version ? [] : [`version ${wish.version} was asked for`] };
  }
  const { version, reasons } = nextFreeVersion(line, level, wish.preid, isTaken);
  return { next: version, reasons };
}

interface Decided {
  readonly input: PlanInput;
  readonly lines: readonly LineState[];
  readonly owner: LineState;
  readonly wish: Wish;
  readonly classified: Classified;
  readonly bumps: ReadonlyMap<string, LineBump>;
  readonly dependents: Dependents;
  readonly hotfix: boolean;
  readonly overridden: boolean;
}

function describe(decided: Decided): ReleasePlan {
  const { input, lines, owner, wish, classified, bumps, hotfix } = decided;
  const version = bumps.get(owner.name)?.next ?? owner.current;
  const previous = isPrerelease(version) ? owner.history.latest : owner.stable;
  const tagged = [owner, ...lines.filter((line) => line !== owner)].flatMap(({ name, tagPattern, projects }) => {
    const bump = bumps.get(name);
    return bump === undefined ? [] : [{ name: tagOfVersion(tagPattern, bump.next), version: bump.next, projects }];
  });
  return {
    version,
    type: hotfix ? 'hotfix' : levelOf(owner, version),
    stable: owner.stable?.version ?? null,
    tag: tagOfVersion(owner.tagPattern, version),
    tags: tagged,
    base: input.recorded?.base ?? (hotfix ? (input.branch ?? input.policy.main) : input.policy.main),
    distTag: distTagOf(version, owner),
    override: input.recorded === undefined ? (decided.overridden ? wish.override : null) : input.recorded.override,
    branch: tagOfVersion(input.policy.branchPattern, version),
    commit: input.head,
    previous: previous === null ? null : { version: previous.version, tag: previous.tag, commit: previous.commit },
    projects: planProjects({ ...decided, projects: input.projects, ownerLine: owner.name }),
    commits: classified.commits,
  };
}

/** `latest` never goes back: what comes after a higher version was tagged belongs to an old line. */
function distTagOf(version: string, { history }: LineState): string {
  const stage = isPrerelease(version) ? stageOf(version) : null;
  if (stage !== null) return stage;
  const [major, minor] = version.split('.');
  const old = [...history.taken].some((other) => isFinalVersion(other) && gt(other, version));
  return old ? `release-${major}.${minor}` : 'latest';
}
