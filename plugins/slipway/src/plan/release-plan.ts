import type { ReleaseType } from '../version/release-type';

export type { ReleaseType } from '../version/release-type';

/** What a release will be, and why. Pure data: printed, recorded, and applied by the bump. */
export interface ReleasePlan {
  readonly version: string;
  readonly type: ReleaseType;
  readonly tag: string;
  readonly branch: string;
  /** The commit that was planned, full id. */
  readonly commit: string;
  /** The release before, or null for the first one. */
  readonly previous: { readonly version: string; readonly tag: string; readonly commit: string } | null;
  readonly projects: readonly PlannedProject[];
  /** Every commit in range, newest first, counted or not. */
  readonly commits: readonly PlannedCommit[];
}

export interface PlannedProject {
  readonly name: string;
  readonly root: string;
  readonly current: string;
  readonly next: string;
  /** Why it is bumped, for `explain`: a commit, or the fixed group it belongs to. */
  readonly reasons: readonly string[];
}

export interface PlannedCommit {
  readonly id: string;
  readonly author: string;
  /** ISO 8601. */
  readonly date: string;
  /** Conventional type in lower case, or null where the subject is not conventional. */
  readonly type: string | null;
  readonly scope: string | null;
  readonly subject: string;
  readonly breaking: boolean;
  /** Text of the breaking-change footer, where there is one. */
  readonly breakingNote: string | null;
  /** Projects of the release whose files it touches. */
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
  /** It and its revert are both new in this release, so neither reaches anyone. */
  | 'reverted'
  /** Its type demands no release. */
  | 'type';
