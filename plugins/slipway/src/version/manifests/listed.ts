import { ManifestError, type ManifestNames, type VersionSpan } from './editor';

/** A member as far as its manifests go. */
export interface ManifestOwner {
  /** Nx name. */
  readonly name: string;
  /** Relative to the workspace; `.` for the root. */
  readonly root: string;
  /** Further files of it that hold its version, relative to the workspace: those that configuration lists. */
  readonly versionFiles?: readonly string[];
}

/** The files that configuration lists, with the member whose version each holds. */
export function listedFiles<T extends ManifestOwner>(members: readonly T[]): ReadonlyMap<string, T> {
  return new Map(members.flatMap((member) => (member.versionFiles ?? []).map((path) => [path, member] as const)));
}

interface Terms {
  readonly contents: ReadonlyMap<string, string>;
  readonly names: ManifestNames;
  /** Whether the bump writes this file anyway: its changelog, and the records of releases. */
  readonly isWritten: (path: string) => boolean;
  readonly find: (path: string, content: string, names: ManifestNames) => readonly VersionSpan[];
}

/** @throws {ManifestError} for a listed file that the bump could not edit. */
export function requireListedFiles(
  members: readonly ManifestOwner[],
  { contents, names, isWritten, find }: Terms,
): void {
  const owners = new Map<string, string>();
  for (const { name, versionFiles } of members)
    for (const path of versionFiles ?? []) {
      const refuse = (problem: string): ManifestError =>
        new ManifestError(path, 1, `projects.${name}.versionFiles in slipway.json lists it, but ${problem}`);
      const other = owners.get(path);
      if (other !== undefined) throw refuse(`${other === name ? 'more than once' : `so does that of ${other}`}`);
      owners.set(path, name);
      if (isWritten(path)) throw refuse('the bump writes it by itself');
      const content = contents.get(path);
      if (content === undefined) throw refuse('no such regular file is committed');
      if (!find(path, content, names).some(({ of }) => of.kind === 'version'))
        throw refuse('it marks no version; end the line of the version with a comment slipway:version');
    }
}
