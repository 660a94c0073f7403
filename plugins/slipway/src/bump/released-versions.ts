import {
  editorFor,
  listManifests,
  ManifestError,
  wrongVersions,
  type Ecosystem,
  type ManifestEdit,
  type ManifestFile,
  type ManifestNames,
  type ManifestOwner,
  type WrongVersion,
} from '../version/manifests';

/** What a release makes of versions. */
export interface ReleasedVersions {
  /** Of the release itself, which its images carry too. */
  readonly version: string;
  /** One for each release line that gets a new version, with the members that have it; others stay as they are. */
  readonly tags: readonly { readonly version: string; readonly projects: readonly string[] }[];
  /** Every member, bumped or not. */
  readonly members: readonly ManifestOwner[];
}

/** New versions by Nx name of the members that get one. */
export function nextVersions({ tags }: Pick<ReleasedVersions, 'tags'>): ReadonlyMap<string, string> {
  return new Map(tags.flatMap(({ version, projects }) => projects.map((name) => [name, version] as const)));
}

/**
 * What a release edits in each manifest: its project's version and the ranges of other bumped members. A file of a member
 * that is not bumped keeps all but the tags of the release's images.
 */
export function releaseEdits(
  released: ReleasedVersions,
  { roots, images: repositories }: Pick<ManifestNames, 'roots' | 'images'>,
): (manifest: ManifestFile) => ManifestEdit {
  const next = nextVersions(released);
  const versionAt = new Map(released.members.map(({ name, root }) => [root, next.get(name)]));
  const images = Object.fromEntries([...repositories].map((repository) => [repository, released.version]));
  const dependenciesOf = (ecosystem: Ecosystem): Readonly<Record<string, string>> =>
    Object.fromEntries(
      [...(roots?.[ecosystem] ?? [])].flatMap(([name, root]) => {
        const version = versionAt.get(root);
        return version === undefined ? [] : [[name, version]];
      }),
    );
  const dependencies = { npm: dependenciesOf('npm'), python: dependenciesOf('python'), helm: dependenciesOf('helm') };
  return ({ path, project }) => {
    // What members share at the root is of the member that is the root, where there is one.
    const version = project === null ? versionAt.get('.') : next.get(project);
    if (project !== null && version === undefined) return { images };
    return {
      ...(version === undefined ? {} : { version }),
      dependencies: dependencies[editorFor(path)?.ecosystem ?? 'npm'],
      images,
    };
  };
}

/**
 * Where manifests hold other versions than those that are released, one sentence each; empty when they hold these.
 * @param contents of the members' manifests, by workspace path.
 * @param names read from the same contents.
 * @param at where that was seen, as part of a sentence: `at 0123456789`.
 */
export function unreleasedVersions(
  contents: ReadonlyMap<string, string>,
  released: ReleasedVersions,
  names: ManifestNames,
  at: string,
): readonly string[] {
  const editOf = releaseEdits(released, names);
  return listManifests([...contents.keys()], released.members).flatMap((manifest) => {
    const { path } = manifest;
    try {
      return wrongVersions(path, contents.get(path) ?? '', editOf(manifest), names).map(
        (wrong) => `${path} holds ${describe(wrong)} ${at}, where ${wrong.asked} is released`,
      );
    } catch (error) {
      if (error instanceof ManifestError) return [error.message];
      throw error;
    }
  });
}

function describe({ held, name }: WrongVersion): string {
  return `the version ${held}${name === null ? '' : ` of ${name}`}`;
}
