import { RunError } from '../../io/exec';
import { GitError } from '../../io/git';
import { RELEASE_STREAM, type EventOf } from '../../ledger/events';
import { succeeded, type Outcome, type Refusal } from '../../ledger/outcome';
import { isHotfix, type ReleaseRecord } from '../../ledger/state';
import { checkComplete, tagOfVersion } from '../../history/releases';
import { followMain, isCheckedOut, mergeCommit, MergeConflictError, type Moves } from '../../tag/apply-tag';
import {
  inspectTags,
  isAncestor,
  isPresent,
  localTag,
  mainHolds,
  mainOf,
  remoteBranch,
  type TagFacts,
  type TagRequest,
} from '../../tag/inspect';
import { planTag } from '../../tag/plan-tag';
import { publishTags, type Published } from '../../tag/publish-tag';
import { recordAtHead, releaseAtHead } from '../at-head';
import { command, result, type Step, type StepContext, type StepResult } from '../context';
import { fixesForMain, portCommand } from '../forward-ports';
import { CHANGELOG, RELEASES } from '../manifests';
import { forDryRun, refusalOf, unmetOf } from '../preconditions';
import { closeForwardPorts, openForwardPort } from '../record-forward-ports';
import { recordOutcome } from '../record-outcome';
import { readSituation, type Situation } from '../situation';
import { STEPS } from '../steps';
import type { ChainOptions } from './plan';

/**
 * Marks the release: annotated tags, merge to main, one atomic push. Tags on the same commit are success, a single one elsewhere is a
 * refusal before anything is written.
 */
export const tag: Step<ChainOptions> = async (context) => {
  const situation = await readSituation(context);
  const problems = unmetOf(STEPS.tag.preconditions, { context, situation, environment: null });
  const { after, real } = context.dryRun
    ? forDryRun(problems, context.target, context.config)
    : { after: [], real: problems };
  if (real.length > 0) return result(refusalOf(real));
  const dossier = releaseAtHead(situation);
  if (after.length > 0)
    return result({
      kind: 'wouldDo',
      summary: `tag the release and merge it to ${context.config.release.main}, after ${after.join(' and ')}`,
    });
  if (dossier === null) throw new Error(`${context.target} has no dossier to go by`);

  const { version, commit } = dossier;
  const { git } = context.world;
  const { main, remote } = context.config.release;
  const record = recordAtHead(situation);
  const request = requestOf(context, record, { version, commit });
  // Without all of history nobody can tell what main holds.
  await checkComplete(git);
  const facts = await inspectTags(git, request);
  const role = await roleOfMain(context, request, facts, record?.plan ?? null);
  const decided = planTag(request, facts, role !== 'takes');
  if (decided.kind === 'refused') return result(decided);
  const data = dataOf(request, version);
  const names = request.tags.map(({ name }) => name).join(', ');
  const marks = request.tags.length > 1 ? 'mark' : 'marks';
  const where = facts.remote === null ? '' : ` here and on ${remote}`;
  const held = facts.remote === null ? `and ${main} holds it` : `and ${main} there holds it`;
  const summary = `${names} ${marks} ${commit.slice(0, 8)}${where}${role === 'stays' ? '' : `, ${held}`}`;
  if (decided.kind === 'already') {
    if (record?.tag?.commit === commit) return result({ kind: 'alreadyDone', summary }, data);
    if (context.dryRun) return result({ kind: 'wouldDo', summary: `record that ${summary}` }, data);
    return write(context, situation, request, { facts, version, summary, role, moves: null });
  }
  if (context.dryRun)
    return result(
      {
        kind: 'wouldDo',
        summary: `tag ${commit.slice(0, 8)} as ${names}${role === 'stays' ? `, and leave ${main} as it is` : ` and merge it to ${main}`}`,
      },
      data,
    );
  const moves = await movesOf(context, request, facts, role);
  if ('id' in moves) return result({ kind: 'refused', refusals: [moves] });
  return write(context, situation, request, { facts, version, summary, role, moves });
};

/** What was planned goes out, whatever the configuration says by now. */
function requestOf(
  { config }: StepContext,
  record: ReleaseRecord | null,
  { version, commit }: { readonly version: string; readonly commit: string },
): TagRequest {
  const { tagPattern, branchPattern, main, remote } = config.release;
  const plan = record?.plan ?? null;
  const own = { name: plan?.tag ?? tagOfVersion(tagPattern, version), version, projects: plan?.projects ?? [] };
  const [first = own, ...others] = plan?.tags ?? [];
  return {
    tags: [first, ...others],
    branch: plan?.branch ?? tagOfVersion(branchPattern, version),
    commit,
    main,
    remote,
  };
}

function dataOf(request: TagRequest, version: string): Readonly<Record<string, unknown>> {
  return { ...request, tag: request.tags[0].name, version };
}

/**
 * What becomes of main: it takes the release, has it already, or stays. A hotfix starts from what production runs: main takes it only where
 * it holds nothing newer, else a merge would bring the versions of an old line to it.
 */
type RoleOfMain = 'takes' | 'has' | 'stays';

async function roleOfMain(
  { world: { git }, dryRun }: StepContext,
  request: TagRequest,
  facts: TagFacts,
  plan: EventOf<'planned'> | null,
): Promise<RoleOfMain> {
  const hotfix = plan !== null && isHotfix(plan);
  const at = mainOf(facts);
  // A dry run fetches nothing: a main that is not known here is taken for one that lacks the release, and holds newer work.
  if (dryRun && at !== null && !(await isPresent(git, at))) return hotfix ? 'stays' : 'takes';
  if (await mainHolds(git, request, facts)) return 'has';
  return !hotfix || at === null || (await isAncestor(git, at, request.commit)) ? 'takes' : 'stays';
}

/** Where main goes, or why it can't; decided before anything is written. */
async function movesOf(
  { world }: StepContext,
  request: TagRequest,
  facts: TagFacts,
  role: RoleOfMain,
): Promise<Moves | Refusal> {
  const { git } = world;
  const { main, branch, remote } = request;
  const from = mainOf(facts);
  const standing = await remoteBranch(git, request, facts);
  if (standing === 'diverged')
    return {
      id: 'branchElsewhere',
      reason: `${remote} has commits on ${branch} that this release does not hold`,
      remedy: `look at them: git fetch ${remote} ${branch} && git log HEAD..FETCH_HEAD`,
    };
  if (role === 'stays') return { main: null, branch: standing === 'free' };
  try {
    const to = await mergeCommit(world, request, from);
    if (facts.remote === null && to !== from && (await isCheckedOut(git, main)))
      return {
        id: 'mainCheckedOut',
        reason: `${main} is checked out in another work tree, so it can't take the release`,
        remedy: `check out something else there (git worktree list shows where), then tag again`,
      };
    return { main: { from, to }, branch: standing === 'free' };
  } catch (error) {
    if (error instanceof MergeConflictError)
      return { id: 'mergeConflict', reason: error.message, remedy: error.remedy };
    throw error;
  }
}

interface Work {
  readonly facts: TagFacts;
  readonly version: string;
  readonly summary: string;
  readonly role: RoleOfMain;
  /** Null where tags and main stand already, and only the ledger does not know. */
  readonly moves: Moves | null;
}

async function write(
  context: StepContext,
  situation: Situation,
  request: TagRequest,
  { facts, version, summary, role, moves }: Work,
): Promise<StepResult> {
  const { ledger, world } = context;
  const { commit } = request;
  const tag = request.tags[0].name;
  // Told now: once the push is out, nothing may keep the rest from being recorded.
  const commits = role === 'stays' ? await fixesOf(context, situation, request, facts) : [];
  world.stop.check();
  await ledger.append(RELEASE_STREAM, { kind: 'tag.intent', version, tag, commit });
  const published: Published = moves === null ? { kind: 'done' } : await publishTags(world, request, facts, moves);
  const lacking =
    commits.length === 0
      ? ''
      : `; ${request.main} goes on from newer work and lacks its ${count(commits.length)} (${portCommand(request.main, commits)})`;
  const outcome = outcomeOf(context, request, published, `${summary}${lacking}`);
  const reason = published.kind === 'done' ? '' : published.reason;
  const event = { kind: 'tag.outcome', version, outcome: outcome.kind, tag, commit, reason } as const;
  const again = command(context, 'release-tag');
  const told = await recordOutcome(context, event, outcome, again, async () => {
    if (published.kind === 'done') await openForwardPort(context, { version, commits });
  });
  if (published.kind === 'done' && role !== 'stays') {
    const to = moves?.main?.to ?? mainOf(facts);
    if (facts.remote !== null) await follow(context, request, to);
    if (succeeded(told)) await closeForwardPorts(context, situation, to);
  }
  return result(told, { ...dataOf(request, version), forwardPort: commits });
}

function count(commits: number): string {
  return commits === 1 ? 'fix' : `${commits} commits`;
}

/** What main lacks of a hotfix that it does not take. */
async function fixesOf(
  { world: { git }, config }: StepContext,
  situation: Situation,
  request: TagRequest,
  facts: TagFacts,
): Promise<readonly string[]> {
  const main = mainOf(facts);
  const record = recordAtHead(situation);
  if (main === null) return [];
  const previous = record?.plan?.previous ?? null;
  const base =
    previous === null
      ? null
      : (situation.release.releases.get(previous)?.tag?.commit ??
        (await localTag(git, tagOfVersion(config.release.tagPattern, previous))));
  const bump = record?.bump?.commit ?? null;
  return fixesForMain(git, { commit: request.commit, bump, base, main, own: [CHANGELOG, RELEASES] });
}

function outcomeOf(context: StepContext, request: TagRequest, published: Published, summary: string): Outcome {
  switch (published.kind) {
    case 'done':
      return { kind: 'done', summary };
    case 'failed':
      return { kind: 'failed', reason: published.reason, remedy: command(context, 'release-tag') };
    case 'unknown':
      return {
        kind: 'unknown',
        reason: published.reason,
        findOut: `git ls-remote ${request.remote} refs/tags/${request.tags[0].name}; when it answers, run ${command(context, 'release-tag')}`,
      };
  }
}

/** The release is out: that local main can't follow is worth a word, and no more. */
async function follow({ world }: StepContext, request: TagRequest, to: string | null): Promise<void> {
  if (to === null || world.stop.requested) return;
  try {
    const left = await followMain(world, request, to);
    if (left !== null) world.log.warn(left);
  } catch (error) {
    if (!(error instanceof GitError || error instanceof RunError)) throw error;
    world.log.warn(`local ${request.main} stays where it is: ${error.message}`);
  }
}
