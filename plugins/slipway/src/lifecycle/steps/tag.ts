import { RunError } from '../../io/exec';
import { GitError } from '../../io/git';
import { RELEASE_STREAM } from '../../ledger/events';
import type { Outcome, Refusal } from '../../ledger/outcome';
import { checkComplete, tagOfVersion } from '../../history/releases';
import { followMain, isCheckedOut, mergeCommit, MergeConflictError } from '../../tag/apply-tag';
import {
  ensureCommit,
  inspectTag,
  isPresent,
  mainHolds,
  remoteBranch,
  type TagFacts,
  type TagRequest,
} from '../../tag/inspect';
import { planTag } from '../../tag/plan-tag';
import { publishTag, type MainMove, type Published } from '../../tag/publish-tag';
import { recordAtHead, releaseAtHead } from '../at-head';
import { command, result, type Step, type StepContext, type StepResult } from '../context';
import { forDryRun, refusalOf, unmetOf } from '../preconditions';
import { recordOutcome } from '../record-outcome';
import { readSituation } from '../situation';
import { STEPS } from '../steps';
import type { ChainOptions } from './plan';

/** Marks the release: annotated tag, merge to main, one atomic push. A tag on the same commit is success, elsewhere a refusal before anything is written. */
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
  const { tagPattern, branchPattern, main, remote } = context.config.release;
  const request: TagRequest = {
    tag: tagOfVersion(tagPattern, version),
    branch: tagOfVersion(branchPattern, version),
    commit,
    main,
    remote,
  };
  // Without all of history nobody can tell what main holds.
  await checkComplete(git);
  const facts = await inspectTag(git, request);
  // A dry run fetches nothing: a main that is not known here is taken for one that lacks the release.
  const theirs = facts.remote?.main ?? null;
  const unknown = context.dryRun && theirs !== null && !(await isPresent(git, theirs));
  const decided = planTag(request, facts, !unknown && (await mainHolds(git, request, facts)));
  if (decided.kind === 'refused') return result(decided);
  const data = { ...request, version };
  const summary =
    facts.remote === null
      ? `${request.tag} marks ${commit.slice(0, 8)}, and ${main} holds it`
      : `${request.tag} marks ${commit.slice(0, 8)} here and on ${remote}, and ${main} there holds it`;
  if (decided.kind === 'already') {
    if (recordAtHead(situation)?.tag?.commit === commit) return result({ kind: 'alreadyDone', summary }, data);
    if (context.dryRun) return result({ kind: 'wouldDo', summary: `record that ${summary}` }, data);
    return write(context, request, { facts, version, summary, move: null });
  }
  if (context.dryRun)
    return result(
      { kind: 'wouldDo', summary: `tag ${commit.slice(0, 8)} as ${request.tag} and merge it to ${main}` },
      data,
    );
  const move = await moveOf(context, request, facts, decided.main);
  if ('id' in move) return result({ kind: 'refused', refusals: [move] });
  return write(context, request, { facts, version, summary, move });
};

/** Where main goes, or why it can't; decided before anything is written. */
async function moveOf(
  { world }: StepContext,
  request: TagRequest,
  facts: TagFacts,
  from: string | null,
): Promise<MainMove | Refusal> {
  const { git } = world;
  const { main, branch, remote } = request;
  if (facts.remote !== null && from !== null) await ensureCommit(git, remote, `refs/heads/${main}`, from);
  const standing = await remoteBranch(git, request, facts);
  if (standing === 'diverged')
    return {
      id: 'branchElsewhere',
      reason: `${remote} has commits on ${branch} that this release does not hold`,
      remedy: `look at them: git fetch ${remote} ${branch} && git log HEAD..FETCH_HEAD`,
    };
  try {
    const to = await mergeCommit(world, request, from);
    if (facts.remote === null && to !== from && (await isCheckedOut(git, main)))
      return {
        id: 'mainCheckedOut',
        reason: `${main} is checked out in another work tree, so it can't take the release`,
        remedy: `check out something else there (git worktree list shows where), then tag again`,
      };
    return { from, to, branch: standing === 'free' };
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
  /** Null where tag and main stand already, and only the ledger does not know. */
  readonly move: MainMove | null;
}

async function write(
  context: StepContext,
  request: TagRequest,
  { facts, version, summary, move }: Work,
): Promise<StepResult> {
  const { ledger, world } = context;
  const { tag: name, commit } = request;
  world.stop.check();
  await ledger.append(RELEASE_STREAM, { kind: 'tag.intent', version, tag: name, commit });
  const published: Published = move === null ? { kind: 'done' } : await publishTag(world, request, facts, move);
  const outcome = outcomeOf(context, request, published, summary);
  const reason = published.kind === 'done' ? '' : published.reason;
  const event = { kind: 'tag.outcome', version, outcome: outcome.kind, tag: name, commit, reason } as const;
  const told = await recordOutcome(context, event, outcome, command(context, 'release-tag'));
  if (published.kind === 'done' && facts.remote !== null) await follow(context, request, move?.to ?? facts.remote.main);
  return result(told, { ...request, version });
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
        findOut: `git ls-remote ${request.remote} refs/tags/${request.tag}; when it answers, run ${command(context, 'release-tag')}`,
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
