import { readHistory } from '../../history/read';
import { lastRelease, tagOfVersion } from '../../history/releases';
import type { Git } from '../../io/git';
import type { World } from '../../io/world';
import { decideRelease } from '../../lifecycle/decide-release';
import { linksOf } from '../../notes/remote-links';
import { notesOfRange, type ReleaseNotes } from '../../notes/release-notes';
import { readRemoteUrl } from '../../notes/remote-url';
import { isFinalVersion } from '../../version/next-version';
import { memberNamed } from '../member-named';
import { GeneratorRefusal } from '../refusal';
import type { TreeWorkspace } from '../workspace';
import type { ReleaseNotesGeneratorOptions } from './schema';

/** All that notes are made from. */
export type ReadableWorld = Pick<World, 'root' | 'git' | 'clock'>;

/**
 * Release notes of a range of history: by default from the last release to HEAD, with the version the plan would give.
 * Only reads, and nothing but the local repository.
 * @throws {GeneratorRefusal} for a wrong option; errors of history and plan as they come.
 */
export async function draftReleaseNotes(
  world: ReadableWorld,
  workspace: TreeWorkspace,
  options: ReleaseNotesGeneratorOptions,
): Promise<ReleaseNotes> {
  const { config } = workspace;
  const date = dayOf(options.date ?? world.clock.now().toISOString().slice(0, 10));
  if (options.releaseVersion !== undefined && !isFinalVersion(options.releaseVersion)) {
    throw new GeneratorRefusal(
      `${JSON.stringify(options.releaseVersion)} is not a version of the form MAJOR.MINOR.PATCH`,
      'Give one such as 1.2.0',
    );
  }
  const projects =
    options.project === undefined ? workspace.members : [memberNamed(options.project, workspace.members)];
  const to = await commitOf(world.git, options.to ?? 'HEAD');
  const from = options.from === undefined ? null : await commitOf(world.git, options.from);
  const previous = await lastRelease(world.git, config.release.tagPattern, from ?? to);
  const version = options.releaseVersion ?? (await plannedVersion(world, workspace, to));
  const commits = await readHistory(world.git, { from: from ?? previous?.commit ?? null, to });
  if (commits.length === 0) {
    throw new GeneratorRefusal(
      `There are no commits from ${options.from ?? previous?.tag ?? 'the beginning'} to ${options.to ?? 'HEAD'}`,
      'Name another range with --from and --to',
    );
  }
  const links = linksOf(await readRemoteUrl(world.git, config.release.remote));
  // "Changes since v1.0.0" would be untrue of a range that begins somewhere after it.
  const atRelease = options.from === undefined || previous?.commit === from;
  const since =
    !atRelease && options.from !== undefined
      ? { name: options.from }
      : previous && { name: `v${previous.version}`, tag: previous.tag };
  const tag = tagOfVersion(config.release.tagPattern, version);
  return notesOfRange(commits, { version, date, since, tag, links, support: config.notes, members: projects });
}

/** Of the release that ends with `head`, as release-plan would decide it; without what only the ledger knows. */
async function plannedVersion(world: ReadableWorld, workspace: TreeWorkspace, head: string): Promise<string> {
  const { config, members, owner } = workspace;
  const place = { world, config, members, owner: owner?.name ?? '' };
  return (await decideRelease(place, { head, branch: null, ledger: null })).version;
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
