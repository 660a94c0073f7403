export interface ReleaseNotesGeneratorOptions {
  readonly project?: string;
  readonly releaseVersion?: string;
  readonly preid?: string;
  readonly graduate?: boolean;
  readonly from?: string;
  readonly to?: string;
  /** `YYYY-MM-DD`. */
  readonly date?: string;
  readonly output?: string;
  readonly force?: boolean;
}
