import { resolveLines } from '../../config/groups';
import { readHistory } from '../../history/read';
import { readReleaseHistory } from '../../history/release-history';
import { tagOfVersion } from '../../history/releases';
import { matchTags, readTags } from '../../history/tags';
import type { Git } from '../../io/git';
import type { World } from '../../io/world';
import { decideRelease } from '../../lifecycle/decide-release';
import { factsOf, type ReleaseFacts } from '../../notes/release-facts';
import type { ReleaseNotes } from '../../notes/release-notes';
import { linksOf } from '../../notes/remote-links';
import { readRemoteUrl } from '../../notes/remote-url';
import { classifyCommits, classifyHistory } from '../../plan/classify';
import type { ReleasePlan } from '../../plan/release-plan';
import { isPrerelease, isVersion } from '../../version/next-version';
import { memberNamed } from '../member-named';
import { GeneratorRefusal } from '../refusal';
import type { TreeProject, TreeWorkspace } from '../workspace';
import type { ReleaseNotesGeneratorOptions } from './schema';

/** All that notes are made from. */
export type ReadableWorld = Pick<World, 'root' | 'git' | 'clock'>;

/**
 * Release notes of the next release as the plan would make it; of a release by its version, from the last one on; or of a
 * range of history. Only reads, and nothing but the local repository.
 * @throws {GeneratorRefusal} for a wrong option; errors of history and plan as they come.
 */
export async function draftReleaseNotes(
  world: ReadableWorld,
  workspace: TreeWorkspace,
  options: ReleaseNotesGeneratorOptions,
): Promise<ReleaseNotes> {
  const { config, members } = workspace;
  const date = dayOf(options.date ?? world.clock.now().toISOString().slice(0, 10));
  checkVersion(options);
  const project = options.project === undefined ? null : memberNamed(options.project, members);
  const to = await commitOf(world.git, options.to ?? 'HEAD');
  const remoteUrl = await readRemoteUrl(world.git, config.release.remote);
  const facts =
    options.from === undefined
      ? await factsOfRelease(world, workspace, options, { to, date, remoteUrl })
      : await factsOfRange(world, workspace, { ...options, from: options.from }, { to, date, remoteUrl });
  if (facts.commits.length === 0) {
    throw new GeneratorRefusal(
      `There are no commits from ${options.from ?? facts.since?.tag ?? 'the beginning'} to ${options.to ?? 'HEAD'}`,
      'Name another range with --from and --to',
    );
  }
  return { ...facts, ...(project === null ? {} : ofProject(facts, project)), support: config.notes };
}

interface Place {
  /** Full id. */
  readonly to: string;
  readonly date: string;
  readonly remoteUrl: string | null;
}

/**
 * The next release, planned; or one that is named, as a bump leaves it: its version may be in the manifests already, where
 * no plan would give it again.
 */
async function factsOfRelease(
  world: ReadableWorld,
  workspace: TreeWorkspace,
  options: ReleaseNotesGeneratorOptions,
  { to, date, remoteUrl }: Place,
): Promise<ReleaseFacts> {
  const { releaseVersion: version } = options;
  if (version === undefined) return factsOf(await planned(world, workspace, options, to), { date, remoteUrl });
  const { config, members: projects } = workspace;
  const { lines, ownerLine, tagPattern } = releaseLines(workspace);
  const history = await readReleaseHistory(world.git, { head: to, lines });
  const { commits } = classifyHistory({
    lines: lines.map((line) => {
      const { stable, commits: news, prereleases } = history.line(line.name);
      return { ...line, version: stable?.version ?? null, commits: news, prereleases };
    }),
    ownerLine,
    projects,
    broughtBy: (merge) => history.broughtBy(merge),
    policy: config.commits,
  });
  const { stable, latest } = history.line(ownerLine);
  const base = isPrerelease(version) ? latest : stable;
  return {
    version,
    date,
    commits,
    since: base && { name: `v${base.version}`, tag: base.tag },
    tag: tagOfVersion(tagPattern, version),
    links: linksOf(remoteUrl),
  };
}

async function factsOfRange(
  world: ReadableWorld,
  workspace: TreeWorkspace,
  options: ReleaseNotesGeneratorOptions & { readonly from: string },
  { to, date, remoteUrl }: Place,
): Promise<ReleaseFacts> {
  const { config, members } = workspace;
  const { lines, ownerLine, tagPattern } = releaseLines(workspace);
  const from = await commitOf(world.git, options.from);
  const version = options.releaseVersion ?? (await planned(world, workspace, options, to)).version;
  const tags = matchTags(lines, await readTags(world.git)).find(({ name }) => name === ownerLine)?.releases ?? [];
  // "Changes since v1.0.0" would be untrue of a range that begins somewhere after it.
  const release = tags.find(({ commit }) => commit === from);
  return {
    version,
    date,
    commits: classifyCommits(await readHistory(world.git, { from, to }), members, config.commits),
    since: release === undefined ? { name: options.from } : { name: `v${release.version}`, tag: release.tag },
    tag: tagOfVersion(tagPattern, version),
    links: linksOf(remoteUrl),
  };
}

/** As release-plan would decide it; without what only the ledger knows. */
function planned(
  world: ReadableWorld,
  { config, members, owner }: TreeWorkspace,
  { preid, graduate }: ReleaseNotesGeneratorOptions,
  head: string,
): Promise<ReleasePlan> {
  const place = { world, config, members, owner: owner?.name ?? '' };
  return decideRelease(place, { head, branch: null, ledger: null, asked: { preid, graduate } });
}

function releaseLines({ config, members, owner }: TreeWorkspace) {
  const { lines, ownerLine } = resolveLines(config, members, owner?.name ?? '');
  return { lines, ownerLine, tagPattern: lines.find(({ name }) => name === ownerLine)?.tagPattern ?? 'v{version}' };
}

/** What a release brings for one project alone. */
function ofProject({ commits, projects }: ReleaseFacts, { name }: TreeProject): Partial<ReleaseFacts> {
  const own = commits.filter((commit) => commit.projects.includes(name));
  return {
    commits: own.map((commit) => ({ ...commit, projects: [name] })),
    ...(projects === undefined ? {} : { projects: projects.filter((project) => project.name === name) }),
  };
}

function checkVersion({ releaseVersion, preid, graduate }: ReleaseNotesGeneratorOptions): void {
  if (releaseVersion === undefined) return;
  if (!isVersion(releaseVersion)) {
    throw new GeneratorRefusal(
      `${JSON.stringify(releaseVersion)} is not a version of the form MAJOR.MINOR.PATCH`,
      'Give one such as 1.2.0 or 1.2.0-rc.1',
    );
  }
  if (preid !== undefined || graduate === true)
    throw new GeneratorRefusal(
      'A version was given, and how to find one',
      'Leave out either --releaseVersion or --preid and --graduate',
    );
}

/** Full id of the commit that a name means. */
async function commitOf(git: Git, name: string): Promise<string> {
  const { exitCode, stdout } = await git.run([
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${name}^{commit}`,
  ]);
  if (exitCode === 0) return stdout.trim();
  throw new GeneratorRefusal(
    `${JSON.stringify(name)} is not a tag, branch or commit of this repository`,
    'Look it up with: git log --oneline --decorate',
  );
}

/** A day that the calendar has. */
function dayOf(date: string): string {
  const parsed = new Date(`${date}T00:00:00Z`);
  if (/^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date))
    return date;
  throw new GeneratorRefusal(`${JSON.stringify(date)} is not a day`, 'Give one as YYYY-MM-DD');
}
