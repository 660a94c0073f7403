import type { PlannedCommit, ReleasePlan } from '../plan/release-plan';
import { isPrerelease } from '../version/next-version';
import { linksOf, type RemoteLinks } from './remote-links';

/** What notes and changelog are written from. Nothing in it is read from git again. */
export interface ReleaseFacts {
  readonly version: string;
  /** Day of the release, `YYYY-MM-DD`. */
  readonly date: string;
  /** A plan's commits: all of them, the notes sort out what readers see. */
  readonly commits: readonly PlannedCommit[];
  /** Where the changes begin, by the name that readers see; null for the first release. */
  readonly since: { readonly name: string; readonly tag?: string } | null;
  /** The release's own tag. Without it nothing is compared. */
  readonly tag?: string;
  readonly hotfix?: boolean;
  /** Why a version that promises no breaking change has some, as a person said it. */
  readonly understated?: string | null;
  /** Versions of the release's projects; told where they are not all the same. */
  readonly projects?: readonly ProjectVersion[];
  readonly links?: RemoteLinks | null;
}

export interface ProjectVersion {
  readonly name: string;
  readonly current: string;
  readonly next: string;
}

/**
 * A plan as notes tell it. A pre-release tells what is new since the one before it, a final release all since the last
 * stable one.
 * @param remoteUrl URL of the remote as git knows it, credentials and all; only links to known hosts are made of it.
 */
export function factsOf(
  plan: ReleasePlan,
  { date, remoteUrl }: { readonly date: string; readonly remoteUrl: string | null },
): ReleaseFacts {
  const { version, tag, previous, stable, commits, projects, type, override } = plan;
  const base = isPrerelease(version) && previous !== null ? previous.version : stable;
  const baseTag = previous?.version === base ? previous?.tag : undefined;
  return {
    version,
    date,
    commits,
    since: base === null ? null : { name: `v${base}`, tag: baseTag ?? tagLike(tag, version, base) },
    tag,
    hotfix: type === 'hotfix',
    understated: type === 'major' || !commits.some(({ demands }) => demands === 'major') ? null : override,
    projects,
    links: linksOf(remoteUrl),
  };
}

/** Commits that this release's notes tell of: those of an earlier pre-release only where this one is final. */
export function toldCommits({ version, commits }: ReleaseFacts): readonly PlannedCommit[] {
  return isPrerelease(version) ? commits.filter((commit) => commit.prerelease === null) : commits;
}

/** Page that shows all changes; null where the remote or one of the tags is not known. */
export function compareUrlOf({ links, since, tag }: ReleaseFacts): string | null {
  if (!links || since?.tag === undefined || tag === undefined) return null;
  return links.compare(since.tag, tag);
}

/** The tag of another version of the same line. */
function tagLike(tag: string, version: string, other: string): string {
  const at = tag.lastIndexOf(version);
  return at < 0 ? tag : tag.slice(0, at) + other + tag.slice(at + version.length);
}
