import { compare, gt } from 'semver';
import type { ProjectRoot } from '../history/projects';
import type { HistoryCommit } from '../history/read';
import { tagOfVersion, type TaggedRelease } from '../history/releases';
import { isFinalVersion, isVersion, nextVersion, releaseTypeBetween } from '../version/next-version';
import { compareReleaseTypes, demandOf, largestReleaseType, type ReleaseType } from '../version/release-type';
import { classifyCommits, headerOf, shortId } from './classify';
import { PlanError } from './plan-error';
import type { PlannedCommit, PlannedProject, ReleasePlan } from './release-plan';

export interface PlanInput {
  /** Since the last release, or all of history for the first one; newest first. */
  readonly commits: readonly HistoryCommit[];
  readonly previous: TaggedRelease | null;
  /** The members of the release, with the version in their manifests. */
  readonly projects: readonly PlanProject[];
  /** Full id of the commit to plan. */
  readonly head: string;
  readonly policy: {
    /** Each holds `{version}`. */
    readonly tagPattern: string;
    readonly branchPattern: string;
    /** Branch that releases start from. */
    readonly main: string;
  };
  /** What a person asks for instead of what the commits demand; never less than that. */
  readonly asked?: { readonly type?: ReleaseType; readonly version?: string };
}

export interface PlanProject extends ProjectRoot {
  readonly current: string;
}

/**
 * Decides the next release of projects that share one version. The same input gives the same plan.
 *
 * The first release starts from the version in the manifests, and every commit counts. Where commits demand nothing, a
 * release is made only if one is asked for and there is something new to release.
 * @throws {PlanError} when there is nothing to release, versions disagree, or what was asked for can't be.
 */
export function makePlan(input: PlanInput): ReleasePlan {
  const { previous, projects, policy, head } = input;
  const current = currentVersion(projects, previous);
  const commits = classifyCommits(input.commits, projects);
  const demanded = largestReleaseType(commits.map((commit) => commit.demands));
  const asked = readAsked(input.asked ?? {}, current);
  if (demanded === null) checkSomethingNew(commits, previous, asked !== null);
  if (asked !== null && demanded !== null && compareReleaseTypes(asked.type, demanded) < 0)
    refuseTooSmall(asked, demanded, current, commits);
  const type = asked?.type ?? demanded;
  if (type === null) throw new TypeError('a release without commits that count must have been asked for');
  const version = asked?.version ?? nextVersion(current, type);
  return {
    version,
    type,
    stable: previous?.version ?? null,
    tag: tagOfVersion(policy.tagPattern, version),
    tags: [
      { name: tagOfVersion(policy.tagPattern, version), version, projects: projects.map(({ name }) => name) },
    ],
    base: policy.main,
    distTag: 'latest',
    override: null,
    branch: tagOfVersion(policy.branchPattern, version),
    commit: head,
    previous: previous === null ? null : { version: previous.version, tag: previous.tag, commit: previous.commit },
    projects: projects.map((project) =>
      planProject(project, projects, commits, { type, version, demanded, asked: asked !== null }),
    ),
    commits,
  };
}

/** The version all members have, which is also the last tag's. */
function currentVersion(projects: readonly PlanProject[], previous: TaggedRelease | null): string {
  const [first] = projects;
  if (!first) {
    throw new PlanError(
      'noProjects',
      'the release has no projects',
      'Name them in slipway.json under release.projects, or give a project a version',
    );
  }
  const table = projects.map(({ name, current }) => `${name}: ${current}`);
  for (const { name, current } of projects) {
    if (!isVersion(current)) {
      throw new PlanError(
        'invalidVersion',
        `the manifest of ${name} has the version ${JSON.stringify(current)}, which is not a semantic version`,
        'Set it to MAJOR.MINOR.PATCH, e.g. 1.0.0',
      );
    }
  }
  if (projects.some(({ current }) => current !== first.current)) {
    const highest = projects.map(({ current }) => current).reduce((a, b) => (gt(b, a) ? b : a));
    throw new PlanError(
      'versionsDisagree',
      `projects that are released together have different versions: ${table.join(', ')}`,
      `Set all of them to ${previous?.version ?? highest} in a commit of its own`,
      table,
    );
  }
  const order = previous === null ? 0 : compare(first.current, previous.version);
  if (previous !== null && order < 0) {
    throw new PlanError(
      'behindTag',
      `the manifests have version ${first.current}, which is lower than the last release, ${previous.tag}`,
      `Set them to ${previous.version} in a commit of its own, or remove the tag if it was never a release: git tag -d ${previous.tag}`,
      table,
    );
  }
  if (previous !== null && order > 0) {
    throw new PlanError(
      'aheadOfTag',
      `the manifests have version ${first.current}, but the last release that is tagged is ${previous.tag}`,
      `Finish or tag that release, or set the manifests back to ${previous.version} in a commit of its own`,
      table,
    );
  }
  return first.current;
}

interface Asked {
  readonly type: ReleaseType;
  readonly version: string;
}

function readAsked(asked: NonNullable<PlanInput['asked']>, current: string): Asked | null {
  const { type, version } = asked;
  if (version === undefined) return type === undefined ? null : { type, version: nextVersion(current, type) };
  if (!isFinalVersion(version)) {
    throw new PlanError(
      'invalidVersion',
      `${JSON.stringify(version)} was asked for, which is not MAJOR.MINOR.PATCH`,
      `Ask for a version such as ${nextVersion(current, type ?? 'minor')}`,
    );
  }
  if (!gt(version, current)) {
    throw new PlanError(
      'notGreater',
      `version ${version} was asked for, which is not greater than the current one, ${current}`,
      `Ask for ${nextVersion(current, type ?? 'patch')} or greater, or for none`,
    );
  }
  const grown = releaseTypeBetween(current, version);
  if (type !== undefined && type !== grown) {
    throw new PlanError(
      'contradiction',
      `a ${type} release and version ${version} were asked for, but from ${current} that version is a ${grown} one`,
      `Ask for one of the two; ${type} alone gives ${nextVersion(current, type)}`,
    );
  }
  return { type: grown, version };
}

function checkSomethingNew(commits: readonly PlannedCommit[], previous: TaggedRelease | null, asked: boolean): void {
  const since = previous === null ? 'in the history' : `since ${previous.tag}`;
  const news = commits.filter((commit) => commit.skippedAs !== 'release' && commit.skippedAs !== 'merge');
  if (asked && news.length > 0) return;
  const reason = news.length === 0 ? `there are no commits ${since}` : `no commit ${since} demands a release`;
  throw new PlanError(
    'nothingToRelease',
    `nothing to release: ${reason}`,
    news.length === 0 ? 'Commit something first' : 'Release it all the same by asking for a type, e.g. --type=patch',
    commits.map((commit) => `${shortId(commit.id)} ${headerOf(commit)}: ${commit.skipped ?? 'counts'}`),
  );
}

function refuseTooSmall(
  asked: Asked,
  demanded: ReleaseType,
  current: string,
  commits: readonly PlannedCommit[],
): never {
  const because = commits.filter((commit) => commit.demands === demanded);
  const [first] = because;
  throw new PlanError(
    'tooSmall',
    `version ${asked.version} was asked for, a ${asked.type} release, but the commits demand a ${demanded} one` +
      (first ? `: ${shortId(first.id)} ${whyOf(first)}` : ''),
    `Ask for ${demanded}, which gives ${nextVersion(current, demanded)}, or for nothing`,
    because.map((commit) => `${shortId(commit.id)} ${headerOf(commit)}`),
  );
}

interface Decision extends Asked {
  readonly demanded: ReleaseType | null;
  readonly asked: boolean;
}

function planProject(
  project: PlanProject,
  all: readonly PlanProject[],
  commits: readonly PlannedCommit[],
  decision: Decision,
): PlannedProject {
  const own = commits.filter((commit) => commit.demands !== null && commit.projects.includes(project.name));
  const reasons = own.map((commit) => `${headerOf(commit)} (${shortId(commit.id)}) ${whyOf(commit)}`);
  const demand = largestReleaseType(own.map((commit) => commit.demands));
  const others = all.filter((other) => other.name !== project.name).map((other) => other.name);
  if (decision.demanded !== null && demand !== decision.demanded)
    reasons.push(`it shares its version with ${others.join(', ')}`);
  if (decision.asked && decision.type !== decision.demanded) reasons.push(`a ${decision.type} release was asked for`);
  if (decision.version !== nextVersion(project.current, decision.type))
    reasons.push(`version ${decision.version} was asked for`);
  return {
    name: project.name,
    root: project.root,
    group: 'release',
    current: project.current,
    next: decision.version,
    reasons,
    causes: [],
  };
}

function whyOf(commit: PlannedCommit): string {
  return demandOf({ type: commit.type ?? '', breaking: commit.breaking }).why;
}
