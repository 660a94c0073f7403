import type { ReleaseLine } from '../config/groups';
import type { CommitsConfig } from '../config/schema';
import type { ProjectRoot } from '../history/projects';
import { readHistory } from '../history/read';
import { checkComplete } from '../history/releases';
import { readFacts } from '../history/repository';
import { matchTags, readTags } from '../history/tags';
import type { Git } from '../io/git';
import { classifyHistory } from '../plan/classify';
import { CHANGELOG_HEADER, changelogFrame, changelogStyle } from './changelog';
import { pastReleases, type PastRelease, type PastReleases } from './past-releases';
import { changelogPreset, presetCommits, type PresetCommit } from './preset';
import { toldCommits, type ReleaseFacts } from './release-facts';
import type { RemoteLinks } from './remote-links';

export interface RebuildRequest {
  /** Whose tags and changes are told. */
  readonly lines: readonly ReleaseLine[];
  /** Name of the line whose releases the changelog lists. */
  readonly ownerLine: string;
  /** Those whose changes are told. */
  readonly projects: readonly ProjectRoot[];
  readonly policy: Pick<CommitsConfig, 'types' | 'breakingBelowOne' | 'ignore'>;
  readonly links: RemoteLinks | null;
}

export interface RebuiltChangelog {
  /** The whole file. */
  readonly content: string;
  /** Versions that it tells of, highest first. */
  readonly versions: readonly string[];
}

/**
 * The changelog of all releases that are merged into HEAD, each as its bump wrote it. What came after the last of them is
 * left to the bump of the next.
 *
 * conventional-changelog-core walks the history, and writes with the preset. Its own view of releases is not used: it knows
 * tags by a prefix only (not `release-{version}-x`), reads them out of `git log`'s text, where a commit message can forge
 * them, and takes what lies between two tags for a release. So tags and ranges come from history/, and core gets ids.
 * @throws {HistoryError} in a shallow clone, and where there is no commit.
 */
export async function rebuildChangelog(git: Git, request: RebuildRequest): Promise<RebuiltChangelog> {
  const { head } = await readFacts(git, 'HEAD');
  await checkComplete(git);
  const commits = await readHistory(git, { from: null, to: head });
  const past = pastReleases(commits, matchTags(request.lines, await readTags(git)), request.ownerLine);
  const releases = past.releases.map((release) => factsOfPast(release, past, request));
  if (releases.length === 0) return { content: CHANGELOG_HEADER, versions: [] };
  const written = await writeThroughCore(
    git.root,
    commits.map(({ id }) => id),
    releases,
    request.links,
  );
  return { content: `${CHANGELOG_HEADER}\n${written}`, versions: releases.map(({ version }) => version) };
}

/** What the release's plan knew. */
function factsOfPast(release: PastRelease, { graph }: PastReleases, request: RebuildRequest): ReleaseFacts {
  const { projects, policy, links, ownerLine } = request;
  const lines = release.lines.map(({ name, stable, commits, prereleases }) => ({
    name,
    projects: request.lines.find((line) => line.name === name)?.projects ?? [],
    version: stable?.version ?? null,
    commits,
    prereleases,
  }));
  const { commits } = classifyHistory({ lines, ownerLine, projects, policy, broughtBy: graph.broughtBy });
  return {
    version: release.version,
    date: new Date(release.commit.date).toISOString().slice(0, 10),
    commits,
    since: release.since && { name: `v${release.since.version}`, tag: release.since.tag },
    tag: release.tag,
    projects: release.lines.flatMap(({ name, stable, released }) => {
      const current = stable?.version ?? '';
      const names = request.lines.find((line) => line.name === name)?.projects ?? [];
      return names.map((project) => ({ name: project, current, next: released?.version ?? current }));
    }),
    links,
  };
}

async function writeThroughCore(
  root: string,
  ids: readonly string[],
  releases: readonly ReleaseFacts[],
  links: RemoteLinks | null,
): Promise<string> {
  const { default: conventionalChangelog } = await import('conventional-changelog-core');
  const entries = releases.flatMap((facts): PresetCommit[] => presetCommits(changelogFrame(facts), toldCommits(facts)));
  const awaited = new Set(ids);
  let given = false;
  const stream = conventionalChangelog({
    cwd: root,
    config: changelogPreset(changelogStyle({ links })),
    tagPrefix: /(?!)/,
    releaseCount: 0,
    // Else it looks for the repository's URL itself, and stumbles over some.
    pkg: { transform: () => ({ repository: { url: 'https://github.com/-/-' } }) },
    // The writer takes a release's commits in one piece, which branches in git's order are not: so all are handed over
    // with the last.
    transform(commit, done) {
      for (const line of `${commit.header ?? ''}\n${commit.body ?? ''}`.split('\n')) awaited.delete(line.trim());
      if (awaited.size === 0 && !given) {
        given = true;
        for (const entry of entries) this.push(entry);
      }
      done();
    },
  });
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  if (!given)
    throw new Error(
      `git log left out ${awaited.size} of ${ids.length} commits while the changelog was made; try again`,
    );
  return text;
}
