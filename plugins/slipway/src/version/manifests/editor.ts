/** What to change in a manifest. Everything is optional; what is absent stays as it is. */
export interface ManifestEdit {
  /** The project's own new version. */
  readonly version?: string;
  /** New versions of packages of this workspace, by package name: where the manifest depends on or pins one, its range follows. */
  readonly dependencies?: Readonly<Record<string, string>>;
  /** New tags of images, by repository (`helpdesk/backend`). */
  readonly images?: Readonly<Record<string, string>>;
}

/** A place in the text that holds a version. Offsets are UTF-16 code units, `end` exclusive. */
export interface VersionSpan {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Which of the edit's entries governs it. */
  readonly of: { readonly kind: 'version' } | { readonly kind: 'dependency' | 'image'; readonly name: string };
}

/**
 * One editor per kind of manifest: it finds ranges with a parser; the text around them is never touched.
 * @see spliceManifest for the one function that writes.
 */
export interface ManifestEditor {
  readonly kind: string;
  /** Whether it edits a file of this name (base name or workspace path). */
  matches(path: string): boolean;
  /**
   * Every place that holds the project's version, or the version of one of `names` (packages or image repositories of this workspace).
   * @throws {ManifestError} when the file is malformed or ambiguous, with its line.
   */
  find(path: string, content: string, names: ManifestNames): readonly VersionSpan[];
}

export interface ManifestNames {
  /** npm packages of this workspace; Python packages too, unless `pythonPackages` tells them apart. */
  readonly packages: ReadonlySet<string>;
  /** Python packages of this workspace: an npm package of the same name is then no pin's business. */
  readonly pythonPackages?: ReadonlySet<string>;
  readonly images: ReadonlySet<string>;
  /** Workspace-relative roots of release members: which entries of a shared lock file are theirs. */
  readonly memberRoots: ReadonlySet<string>;
}

export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  constructor(
    readonly path: string,
    /** 1-based. */
    readonly line: number,
    problem: string,
  ) {
    super(`${path}:${line}: ${problem}`);
  }
}
