import { RELEASE_STREAM } from '../../ledger/events';
import type { Outcome } from '../../ledger/outcome';
import { createTag, deleteTag, followMain, mergeCommit, MergeConflictError, pushRelease } from '../../tag/apply-tag';
import { ensureCommit, inspectTag, isAncestor, type TagFacts, type TagRequest } from '../../tag/inspect';
import { planTag } from '../../tag/plan-tag';
import { command, result, type Step, type StepContext, type StepResult } from '../context';
import { recordAtHead, releaseAtHead } from '../at-head';
import { forDryRun, refusalOf, unmetOf } from '../preconditions';
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
  if (after.length > 0 || dossier === null)
    return result({
      kind: 'wouldDo',
      summary: `tag the release and merge it to ${context.config.release.main}, after ${after.join(' and ')}`,
    });

  const { version, commit } = dossier;
  const request: TagRequest = {
    tag: context.config.release.tagPattern.replace('{version}', version),
    branch: context.config.release.branchPattern.replace('{version}', version),
    commit,
    main: context.config.release.main,
    remote: context.config.release.remote,
  };
  const facts = await inspectTag(context.world.git, request);
  const decided = planTag(request, facts, await mainHolds(context, request, facts));
  if (decided.kind === 'refused') return result(decided);
  const summary = `${request.tag} marks ${commit.slice(0, 8)}, and ${request.main} holds it${facts.remote === null ? '' : `, here and on ${request.remote}`}`;
  const recorded = recordAtHead(situation)?.tag?.commit === commit;
  if (decided.kind === 'already' && recorded) return result({ kind: 'alreadyDone', summary }, { ...request, version });
  if (context.dryRun)
    return result(
      { kind: 'wouldDo', summary: `tag ${commit.slice(0, 8)} as ${request.tag} and merge it to ${request.main}` },
      { ...request, version },
    );
  return write(context, request, facts, {
    version,
    createTag: decided.kind === 'go' && decided.createTag,
    push: decided.kind === 'go',
    from: decided.kind === 'go' ? decided.main : null,
    summary,
  });
};

interface Work {
  readonly version: string;
  readonly createTag: boolean;
  readonly push: boolean;
  readonly from: string | null;
  readonly summary: string;
}

async function write(context: StepContext, request: TagRequest, facts: TagFacts, work: Work): Promise<StepResult> {
  const { ledger, world } = context;
  const data = { ...request, version: work.version };
  const to = work.push ? await targetOfMain(context, request, facts, work.from) : null;
  if (to instanceof MergeConflictError)
    return result({ kind: 'refused', refusals: [{ id: 'mergeConflict', reason: to.message, remedy: to.remedy }] });

  await ledger.append(RELEASE_STREAM, {
    kind: 'tag.intent',
    version: work.version,
    tag: request.tag,
    commit: request.commit,
  });
  const outcome =
    to === null
      ? ({ kind: 'done', summary: work.summary } as const)
      : await publish(context, request, facts, { ...work, to });
  const reason = outcome.kind === 'done' ? '' : 'reason' in outcome ? outcome.reason : '';
  await ledger.append(RELEASE_STREAM, {
    kind: 'tag.outcome',
    version: work.version,
    outcome: outcome.kind,
    tag: request.tag,
    commit: request.commit,
    reason,
  });
  if (outcome.kind === 'done' && to !== null) {
    const left = await followMain(world, request, to);
    if (left !== null) world.log.warn(left);
  }
  return result(outcome, data);
}

async function targetOfMain(
  context: StepContext,
  request: TagRequest,
  facts: TagFacts,
  from: string | null,
): Promise<string | MergeConflictError> {
  if (facts.remote !== null && from !== null)
    await ensureCommit(context.world.git, request.remote, `refs/heads/${request.main}`, from);
  try {
    return await mergeCommit(context.world, request, from);
  } catch (error) {
    if (error instanceof MergeConflictError) return error;
    throw error;
  }
}

async function publish(
  context: StepContext,
  request: TagRequest,
  facts: TagFacts,
  work: Work & { readonly to: string },
): Promise<Outcome> {
  const { world } = context;
  if (work.createTag) await createTag(world, request, `Release ${request.tag}`);
  if (facts.remote === null) return { kind: 'done', summary: work.summary };
  const { pushed, message } = await pushRelease(world, request, { from: work.from, to: work.to });
  if (pushed) return { kind: 'done', summary: work.summary };
  // The reply may be lost and the push yet have happened: the remote itself knows.
  const now = await inspectTag(world.git, request);
  if (now.remote?.tag === request.commit && now.remote.main === work.to) return { kind: 'done', summary: work.summary };
  if (work.createTag) await deleteTag(world, request.tag);
  return {
    kind: 'failed',
    reason: `${request.remote} did not take the push: ${message}`,
    remedy: command(context, 'release-tag'),
  };
}

async function mainHolds(
  { world: { git } }: StepContext,
  { commit, remote, main }: TagRequest,
  facts: TagFacts,
): Promise<boolean> {
  const at = facts.remote === null ? facts.localMain : facts.remote.main;
  if (at === null) return false;
  if (facts.remote !== null) await ensureCommit(git, remote, `refs/heads/${main}`, at);
  return isAncestor(git, commit, at);
}
