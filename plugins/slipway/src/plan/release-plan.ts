import type { ReleaseType } from '../version/release-type';
import type { ReleaseKind } from '../version/release-types';

export type { ReleaseType } from '../version/release-type';

/**
 * What a release will be, and why. Pure data: printed, recorded, and applied by the bump.
 *
 * A release has one version, that of its owner's group; members of other groups have their own, in `projects` and `tags`.
 */
export interface ReleasePlan {
  readonly version: string;
  /** How the process calls it. A hotfix raises the patch number. */
  readonly type: ReleaseKind;
  /** The last stable version, which the maths start from; null where there is none. */
  readonly stable: string | null;
  /** The release's own tag, the first of `tags`. */
  readonly tag: string;
  /** All tags that mark the release's commit. */
  readonly tags: readonly PlannedTag[];
  readonly branch: string;
  /** Branch that the release starts from: main, or for a hotfix the one that was made from production's tag. */
  readonly base: string;
  /** npm's dist-tag: `latest`, the pre-release's id, or for an old line `release-<major>.<minor>`. */
  readonly distTag: string;
  /** Why less is released than the commits demand, or an open forward-port is left out, as a person said it. */
  readonly override: string | null;
  /** The commit that was planned, full id. */
  readonly commit: string;
  /** The release before, or null for the first one. */
  readonly previous: { readonly version: string; readonly tag: string; readonly commit: string } | null;
  readonly projects: readonly PlannedProject[];
  /** Every change in range, newest first, counted or not. A squash-merge that lists several gives one each, with the same id. */
  readonly commits: readonly PlannedCommit[];
}

export interface PlannedTag {
  readonly name: string;
  readonly version: string;
  /** Members whose version it marks. */
  readonly projects: readonly string[];
}

export interface PlannedProject {
  readonly name: string;
  readonly root: string;
  /** Name of its release group. */
  readonly group: string;
  readonly current: string;
  /** The same as `current` for a member that is not bumped. */
  readonly next: string;
  /** Why it is bumped, one sentence each; why not, where it is not. */
  readonly reasons: readonly string[];
  /** The same for programs, and for `--explain`. */
  readonly causes: readonly Cause[];
}

/** What brings a bump about. */
export type Cause =
  | { readonly kind: 'commit'; readonly commit: string; readonly demands: ReleaseType; readonly why: string }
  /** A member that it depends on is bumped. */
  | { readonly kind: 'dependency'; readonly project: string; readonly demands: ReleaseType }
  /** Members of its group share one version. */
  | { readonly kind: 'group'; readonly group: string; readonly demands: ReleaseType }
  /** It is in the owner's group, whose version names the release. */
  | { readonly kind: 'release' }
  | { readonly kind: 'asked'; readonly what: string };

export interface PlannedCommit {
  readonly id: string;
  readonly author: string;
  readonly email: string;
  /** Others who had a part in it, as its message says; left out where it names nobody. */
  readonly coAuthors?: readonly { readonly name: string; readonly email: string }[];
  /** ISO 8601. */
  readonly date: string;
  /** Conventional type in lower case, or null where the subject is not conventional. */
  readonly type: string | null;
  readonly scope: string | null;
  readonly subject: string;
  readonly breaking: boolean;
  /** Text of the breaking-change footer, where there is one. */
  readonly breakingNote: string | null;
  /** Issues and pull requests that subject, body or footers refer to, as they are written: `#12`, `org/repo#3`. */
  readonly references: readonly string[];
  /** The pre-release, tagged since the last stable one, that holds it already; null where none does. */
  readonly prerelease: string | null;
  /** Projects of the release whose files it touches, and that no release gave it to yet. */
  readonly projects: readonly string[];
  /** What it demands; null where it does not count, with the reason in `skipped`. */
  readonly demands: ReleaseType | null;
  readonly skipped: string | null;
  /** The kind of that reason, for programs: notes leave out what was reverted but not what is documentation. */
  readonly skippedAs?: SkipKind;
}

export type SkipKind =
  | 'merge'
  /** The commit of a release itself. */
  | 'release'
  /** Its message is not a conventional one. */
  | 'unconventional'
  /** It touches no project of the release. */
  | 'outside'
  /** It touches only files that the configuration ignores. */
  | 'ignored'
  /** It and its revert are both new in this release, so neither reaches anyone. */
  | 'reverted'
  /** Its type demands no release. */
  | 'type';
