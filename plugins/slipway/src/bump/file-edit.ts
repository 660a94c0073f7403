/** What the bump does to one file of the workspace. */
export interface FileEdit {
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  /** Manifests are the same whenever they are planned; changelog and record may name the day. */
  readonly kind: 'manifest' | 'changelog' | 'record';
  /** Content at the planned commit as a checkout gives it; null for a new file. */
  readonly before: string | null;
  readonly after: string;
}
