export interface ChangelogGeneratorOptions {
  readonly project?: string;
  readonly output?: string;
  readonly force?: boolean;
}
