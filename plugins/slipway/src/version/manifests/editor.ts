import { printableLine } from '../../history/printable';

/** What to change in a manifest, in semantic versions. Everything is optional; what is absent stays as it is. */
export interface ManifestEdit {
  /** The project's own new version. */
  readonly version?: string;
  /** New versions of packages of this workspace, by package name: where the manifest depends on or pins one, its range follows. */
  readonly dependencies?: Readonly<Record<string, string>>;
  /** New tags of images, by repository (`helpdesk/backend`). */
  readonly images?: Readonly<Record<string, string>>;
}

/** Which of an edit's entries governs a version. */
export type VersionOwner =
  { readonly kind: 'version' } | { readonly kind: 'dependency' | 'image'; readonly name: string };

/** A place in the text that holds a version. Offsets are UTF-16 code units, `end` exclusive. */
export interface VersionSpan {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The semantic version that `text` stands for, in whatever dialect the file has. */
  readonly version: string;
  /** What another version looks like in this place. @throws {VersionError} where the file's dialect has no form for it. */
  readonly write: (version: string) => string;
  readonly of: VersionOwner;
}

/** Whose package names a kind of file uses: an npm and a Python package may share one, and not their version. */
export type Ecosystem = 'npm' | 'python' | 'helm';

/**
 * One editor per kind of manifest: it finds ranges with a parser; the text around them is never touched.
 * @see editManifest in `index.ts` for the one function that writes.
 */
export interface ManifestEditor {
  readonly kind: string;
  readonly ecosystem: Ecosystem;
  /** Whether it edits a file of this name (base name or workspace path). */
  matches(path: string): boolean;
  /**
   * Every place that holds the project's version, or the version of one of `names` (packages or image repositories of this workspace).
   * @throws {ManifestError} when the file is malformed or ambiguous, with its line.
   */
  find(path: string, content: string, names: ManifestNames): readonly VersionSpan[];
  /** The files, as workspace paths, that hold the version where this one only reads it from there; any of them may be missing. */
  versionIn?(path: string, content: string): readonly string[];
  /** The package's name, or null where it gives none. */
  name?(path: string, content: string): string | null;
}

export interface ManifestNames {
  /** npm packages of this workspace; those of other ecosystems too, unless the next two tell them apart. */
  readonly packages: ReadonlySet<string>;
  /** By their normal form (PEP 503), as the packages themselves write it. */
  readonly pythonPackages?: ReadonlyMap<string, string>;
  readonly charts?: ReadonlySet<string>;
  readonly images: ReadonlySet<string>;
  /**
   * Workspace-relative roots of release members: which entries of a shared lock file are theirs.
   * Absent where an edit names what it changes: then a file's version is that of the project it lies in.
   */
  readonly memberRoots?: ReadonlySet<string>;
  /**
   * Modules and `VERSION` files that hold the version of a member's package, with the ecosystem whose spelling they follow.
   * Absent where any such file may.
   */
  readonly versionFiles?: ReadonlyMap<string, Ecosystem>;
  /** Files that configuration lists as holding a version: comments mark it there, besides what their kind says. */
  readonly listed?: ReadonlySet<string>;
  /** Root of the member that each package is of, by ecosystem and name. */
  readonly roots?: Readonly<Record<Ecosystem, ReadonlyMap<string, string>>>;
}

export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  constructor(
    readonly path: string,
    /** 1-based. */
    readonly line: number,
    problem: string,
  ) {
    super(`${path}:${line}: ${shortened(printableLine(problem))}`);
  }
}

/** Problems quote the file, which may hold anything, of any length. */
function shortened(problem: string): string {
  const most = 500;
  return problem.length <= most ? problem : `${problem.slice(0, most / 2)} … ${problem.slice(-most / 2)}`;
}
