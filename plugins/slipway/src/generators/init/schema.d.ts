export interface InitGeneratorOptions {
  readonly skipConfig?: boolean;
  readonly skipPackageJson?: boolean;
}
