import { releaseFolder } from '../bump/record';
import { judgeFreeze } from '../freeze/feature-freeze';
import { freezeReasons } from '../freeze/freeze-reasons';
import { parseChanges } from '../history/parse-changes';
import { createProjectLookup, touchedProjects } from '../history/projects';
import { readHistory, type HistoryCommit } from '../history/read';
import type { EventOf } from '../ledger/events';
import type { ReleaseState } from '../ledger/state';
import { demandOf, type ReleaseType } from '../version/release-type';
import { RELEASE_KINDS, type ReleaseKind } from '../version/release-types';
import type { StepContext } from './context';
import { CHANGELOG, RELEASES } from './manifests';
import { mainsHere } from './record-forward-ports';

interface Subject {
  readonly release: EventOf<'planned'>;
  /** The bump's commit. */
  readonly bumped: string;
  /** The commit to check, on top of it. */
  readonly commit: string;
}

/** What is the matter with commits that were added after the bump: the freeze does not allow them, or the notes don't tell of them. */
export async function freezeProblems(
  context: Pick<StepContext, 'world' | 'config' | 'members'>,
  { releases }: Pick<ReleaseState, 'releases'>,
  { release, bumped, commit }: Subject,
): Promise<readonly string[]> {
  if (bumped === commit) return [];
  const { commits: demands, release: policy } = context.config;
  const since = await readHistory(context.world.git, { from: bumped, to: commit });
  const { breaches, added } = judgeFreeze(since, {
    types: policy.freeze.types,
    release: raisedBy(release.type),
    demands,
    stable: release.previous,
    onMain: await heldByMain(context, since, { bumped, commit }),
    own: new Set([...releases.values()].flatMap(({ bump }) => bump?.commit ?? [])),
  });
  if (breaches.length > 0) return freezeReasons(breaches);
  return untold(context, added, { release, commit });
}

/** Those of the commits after the bump that came from main. */
async function heldByMain(
  context: Pick<StepContext, 'world' | 'config'>,
  since: readonly HistoryCommit[],
  { bumped, commit }: Pick<Subject, 'bumped' | 'commit'>,
): Promise<ReadonlySet<string>> {
  const mains = await mainsHere(context);
  if (mains.length === 0) return new Set();
  const args = ['rev-list', commit, ...[bumped, ...mains].map((held) => `^${held}`), '--'];
  const apart = new Set((await context.world.git.text(args)).split('\n'));
  return new Set(since.flatMap(({ id }) => (apart.has(id) ? [] : [id])));
}

function raisedBy(type: string): ReleaseType {
  return isReleaseKind(type) ? RELEASE_KINDS[type].raises : 'patch';
}

function isReleaseKind(type: string): type is ReleaseKind {
  return Object.hasOwn(RELEASE_KINDS, type);
}

/** The bump wrote the notes from what was there then; what came since and readers notice has to be in them too. */
async function untold(
  { world: { git }, config, members }: Pick<StepContext, 'world' | 'config' | 'members'>,
  added: readonly HistoryCommit[],
  { release: { version, previous }, commit }: Pick<Subject, 'release' | 'commit'>,
): Promise<readonly string[]> {
  const lookup = createProjectLookup(members);
  const own = [CHANGELOG, `${releaseFolder(RELEASES, version)}/`];
  const types = Object.keys(config.commits.types);
  const told = added.flatMap(({ id, message, files }) => {
    const subjects = parseChanges(message, types)
      .filter((change) => demandOf(change, config.commits, previous).type !== null)
      .map(({ subject }) => subject);
    const others = files.filter((path) => !own.some((start) => path.startsWith(start)));
    return subjects.length > 0 && touchedProjects(others, members, lookup).length > 0 ? [{ id, subjects }] : [];
  });
  if (told.length === 0) return [];
  const path = `${releaseFolder(RELEASES, version)}/NOTES.md`;
  // Taken away, they say nothing of anything.
  const notes = (await git.run(['cat-file', 'blob', `${commit}:./${path}`])).stdout;
  // Generated notes list the commits that they tell of; somebody's own name them, or say the same.
  const flat = notes.replace(/\s+/g, ' ');
  const missing = told.filter(
    ({ id, subjects }) => !flat.includes(id.slice(0, 7)) && !subjects.every((subject) => flat.includes(subject)),
  );
  if (missing.length === 0) return [];
  const list = missing.map(({ id, subjects }) => `${id.slice(0, 8)} (${subjects.join('; ')})`).join(', ');
  const refresh = `npx nx g nx-slipway:release-notes --releaseVersion=${version}`;
  return [
    `${path} says nothing of ${list}, added after the bump; bring it up to date with ${refresh}, and commit it as docs`,
  ];
}
