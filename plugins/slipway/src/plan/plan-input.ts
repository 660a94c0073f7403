import type { ReleaseLine } from '../config/groups';
import type { ProjectRoot } from '../history/projects';
import type { HistoryCommit } from '../history/read';
import type { TaggedRelease } from '../history/releases';
import type { ReleaseKind } from '../version/release-types';
import type { CommitPolicy } from './classify';

/** All that a plan is made from. The same input gives the same plan. */
export interface PlanInput {
  /** Full id of the commit to plan. */
  readonly head: string;
  /** Branch that is checked out; null on a detached head. Only hotfixes look at it. */
  readonly branch: string | null;
  /** Each member is in exactly one. */
  readonly lines: readonly PlanLine[];
  /** Name of the line whose version names the release. */
  readonly ownerLine: string;
  /** The members of the release. */
  readonly projects: readonly PlanProject[];
  /** Ids of the commits that a merge brought in. */
  readonly broughtBy: (merge: string) => readonly string[];
  readonly policy: PlanPolicy;
  /** What a person asks for instead of what the commits demand. */
  readonly asked?: Asked;
  /** Names of the tags that other open releases will make. */
  readonly taken?: ReadonlySet<string>;
  /** For a hotfix: what production runs; null where nothing is deployed. */
  readonly production?: Production | null;
  readonly forwardPorts?: readonly ForwardPort[];
  /** A plan that was recorded, to make it again: its versions stand, and nothing is asked. */
  readonly recorded?: RecordedPlan;
}

export interface PlanLine extends ReleaseLine {
  readonly history: PlanHistory;
}

/** What history tells of a line. */
export interface PlanHistory {
  /** The highest stable version whose tag is merged into the head. */
  readonly stable: TaggedRelease | null;
  /** The highest version whose tag is merged into the head, pre-releases included. */
  readonly latest: TaggedRelease | null;
  /** Every version that is tagged anywhere. */
  readonly taken: ReadonlySet<string>;
  /** Since `stable`, or all of history; newest first, a child before its parents. */
  readonly commits: readonly HistoryCommit[];
  /** By commit, the lowest pre-release since `stable` that holds it. */
  readonly prereleases: ReadonlyMap<string, string>;
}

export interface PlanProject extends ProjectRoot {
  /** The version in its manifests. */
  readonly current: string;
  /** Names of the projects it depends on; those that are no members don't matter. */
  readonly dependencies: readonly string[];
}

export interface PlanPolicy {
  /** Holds `{version}`. */
  readonly branchPattern: string;
  /** Branch that releases start from. */
  readonly main: string;
  readonly commits: CommitPolicy & {
    /** Whether a commit without a conventional message fails the plan. */
    readonly strict: boolean;
  };
  /** Types of commits that a hotfix may hold. */
  readonly freeze: readonly string[];
}

export interface Asked {
  readonly type?: ReleaseKind | undefined;
  /** MAJOR.MINOR.PATCH of the release. */
  readonly version?: string | undefined;
  /** Stage of a pre-release: alpha, beta, rc. */
  readonly preid?: string | undefined;
  /** Finish the pre-release. */
  readonly graduate?: boolean | undefined;
  /** Reason for going against the rules. */
  readonly override?: string | undefined;
}

export interface Production {
  readonly version: string;
  /** Null where its commit was never tagged. */
  readonly tag: string | null;
  /** Full id. */
  readonly commit: string;
  /** Whether the head holds that commit. */
  readonly held: boolean;
}

/** Commits of a hotfix that were still to come to main. */
export interface ForwardPort {
  /** Of the hotfix. */
  readonly version: string;
  /** Full ids, oldest first. */
  readonly commits: readonly string[];
  /** Those that the head lacks. */
  readonly missing: readonly string[];
}

export interface RecordedPlan {
  readonly version: string;
  readonly type: string;
  readonly base: string;
  readonly override: string | null;
  /** With the version of each line that gets a new one. */
  readonly tags: readonly { readonly name: string; readonly version: string }[];
}
