export type PlanFailure =
  /** No commit since the last release counts. */
  | 'nothingToRelease'
  /** The release has no members. */
  | 'noProjects'
  /** A manifest, the last tag or the request holds something that is no version. */
  | 'invalidVersion'
  /** Members of the release have different versions. */
  | 'versionsDisagree'
  /** Manifests are below the last tag. */
  | 'behindTag'
  /** Manifests are above the last tag: a release was begun and not tagged. */
  | 'aheadOfTag'
  /** Less was asked for than the commits demand. */
  | 'tooSmall'
  /** The version asked for is not greater than the current one. */
  | 'notGreater'
  /** The version and the type asked for don't go together. */
  | 'contradiction';

/** Why there is no plan. The message is a sentence without its full stop, as a refusal's reason is. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
  constructor(
    readonly failure: PlanFailure,
    message: string,
    /** What mends it: a command to run, or an instruction. */
    readonly remedy: string,
    /** More lines for a person: which commits or projects it is about. */
    readonly details: readonly string[] = [],
  ) {
    super(message);
  }
}
