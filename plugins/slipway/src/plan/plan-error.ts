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
  /** The remote has releases whose tags this clone lacks. */
  | 'tagsMissing'
  /** The last tag marks another commit than the ledger says was released. */
  | 'tagMoved'
  /** Less was asked for than the commits demand. */
  | 'tooSmall'
  /** The version asked for is not greater than the current one. */
  | 'notGreater'
  /** What was asked for doesn't go together. */
  | 'contradiction'
  /** The version is tagged elsewhere, or that of another release that is open. */
  | 'taken'
  /** A pre-release would go back a stage, or has a name that can't be gone on with. */
  | 'stage'
  /** There is no pre-release to finish. */
  | 'notPrerelease'
  /** `commits.strict`: commits whose messages are not conventional. */
  | 'unconventional'
  /** A hotfix without a release in production. */
  | 'noProduction'
  /** A hotfix that does not start from what production runs, on a branch of its own. */
  | 'notFromProduction'
  /** A hotfix that holds more than one may. */
  | 'notAHotfix'
  /** Commits of a hotfix are not in yet. */
  | 'forwardPort';

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
