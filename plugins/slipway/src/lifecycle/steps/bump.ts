import {
  applyBump,
  BumpFailed,
  BumpRefused,
  inspectBump,
  planEdits,
  readBumpSources,
  recoverBump,
  type BumpRequest,
} from '../../bump';
import { RELEASE_STREAM, type EventOf } from '../../ledger/events';
import type { Outcome } from '../../ledger/outcome';
import { prependChangelog } from '../../notes/changelog';
import type { ReleasePlan } from '../../plan/release-plan';
import { writeBumpNotes } from '../bump-notes';
import { command, result, type Step, type StepContext, type StepResult } from '../context';
import { replanAtHead } from '../decide-release';
import { errorMessage } from '../../io/error-message';
import { CHANGELOG, RELEASES } from '../manifests';
import { openRelease } from '../open-release';
import { closeForwardPorts } from '../record-forward-ports';
import { recordOutcome } from '../record-outcome';
import { forDryRun, refusalOf, short, unmetOf } from '../preconditions';
import { readSituation, type Situation } from '../situation';
import { STEPS } from '../steps';
import { planHere, type ChainOptions } from './plan';

/** Writes the release: one commit on its own branch, all of it or nothing. The only step that writes to the work tree. */
export const bump: Step<ChainOptions> = async (context, options) => {
  const atWork = context.dryRun ? null : await recover(context);
  if (atWork !== null) return atWork;
  const situation = await readSituation(context);
  const open = await openRelease(context, situation, options.type);
  if (open.kind === 'elsewhere') return result({ kind: 'refused', refusals: [open.refusal] });
  if (open.kind === 'none') {
    if (context.dryRun) return rehearse(context, situation, options);
    return result({
      kind: 'refused',
      refusals: [
        { id: 'planned', reason: 'no release is planned for this commit', remedy: command(context, 'release-plan') },
      ],
    });
  }
  const { release } = open;
  const done = open.record.bump;
  if (done !== null)
    return result(
      { kind: 'alreadyDone', summary: `${release.version} is bumped at ${short(done.commit)} on ${release.branch}` },
      { version: release.version, commit: done.commit },
    );
  const unrecorded = await bumpAtHead(context, release, situation.tree.head);
  if (unrecorded) {
    const summary = `record the bump of ${release.version} that is committed at ${short(situation.tree.head)}`;
    if (context.dryRun) return result({ kind: 'wouldDo', summary });
    return recordDone(context, release, situation.tree.head);
  }

  const problems = unmetOf(STEPS.bump.preconditions, { context, situation, environment: null });
  if (problems.length > 0) {
    // The changes may be those of a bump that began meanwhile: nobody should stash half a release.
    const other = context.dryRun ? null : await recover(context);
    return other ?? result(refusalOf(forDryRun(problems, context.target, context.config).real));
  }
  const plan = await replanAtHead(context, situation, release);
  if ('outcome' in plan) return plan;
  const request = await requestOf(context, plan);
  if (context.dryRun) return wouldWrite(context, request);
  await closeForwardPorts(context, situation);
  return write(context, request);
};

/** Clears up after a bump that was cut off; a refusal where one is at work right now. */
async function recover(context: StepContext): Promise<StepResult | null> {
  try {
    const recovered = await recoverBump(context.world);
    if (recovered !== 'nothing') context.world.log.warn(`An earlier bump was cut off; it is ${recovered}`);
    return null;
  } catch (error) {
    if (error instanceof BumpRefused) return result(failureOf(context, error));
    throw error;
  }
}

async function rehearse(context: StepContext, situation: Situation, options: ChainOptions): Promise<StepResult> {
  const plan = await planHere(context, options, situation);
  if ('outcome' in plan) return plan;
  return wouldWrite(context, await requestOf(context, plan));
}

async function wouldWrite(context: StepContext, request: BumpRequest): Promise<StepResult> {
  const { refusals } = await inspectBump(context.world, request);
  if (refusals.length > 0) return result({ kind: 'refused', refusals });
  const { plan, edits } = request;
  const lines = edits.map(({ path, before }) => `  ${before === null ? 'create' : 'edit  '}  ${path}`);
  return result(
    { kind: 'wouldDo', summary: `write ${edits.length} files in one commit on ${plan.branch}` },
    { files: edits.map(({ path }) => path) },
    lines,
  );
}

async function requestOf(context: StepContext, plan: ReleasePlan): Promise<BumpRequest> {
  const { world, config, members } = context;
  const files = await readBumpSources(world.git, {
    commit: plan.commit,
    version: plan.version,
    members,
    changelog: CHANGELOG,
    releases: RELEASES,
  });
  const written = files.get(`${RELEASES}/v${plan.version}/NOTES.md`);
  const { section, notes } = await writeBumpNotes(context, plan, written);
  const edits = planEdits({
    plan,
    members,
    files,
    repositories: Object.values(config.images).map(({ repository }) => repository),
    changelog: { path: CHANGELOG, prepend: (content) => prependChangelog(content, section, plan.version) },
    releases: RELEASES,
    notes,
  });
  return { plan, edits, message: messageOf(plan), main: plan.base, remote: config.release.remote };
}

async function write(context: StepContext, request: BumpRequest): Promise<StepResult> {
  const { ledger, world } = context;
  const { version, commit: from } = request.plan;
  world.stop.check();
  await ledger.append(RELEASE_STREAM, { kind: 'bump.intent', version, from });
  let commit: string;
  try {
    ({ commit } = await applyBump(world, request));
  } catch (error) {
    const outcome = failureOf(context, error);
    const reason = errorMessage(error);
    const event = { kind: 'bump.outcome', version, outcome: outcome.kind, from, commit: null, reason } as const;
    return result(await recordOutcome(context, event, outcome, command(context, 'release-bump')));
  }
  return recordDone(context, request.plan, commit);
}

function failureOf(context: StepContext, error: unknown): Outcome {
  if (error instanceof BumpRefused) return { kind: 'refused', refusals: error.refusals };
  if (error instanceof BumpFailed)
    return error.restored
      ? { kind: 'failed', reason: error.message, remedy: error.remedy }
      : { kind: 'mixed', reason: error.message, remedy: error.remedy };
  // The transaction puts everything back before it lets an error through.
  return {
    kind: 'failed',
    reason: errorMessage(error),
    remedy: command(context, 'release-bump'),
  };
}

export function messageOf(plan: Pick<ReleasePlan, 'version'>): string {
  return `chore(release): v${plan.version}`;
}

async function recordDone(
  context: StepContext,
  release: Pick<EventOf<'planned'>, 'version' | 'branch' | 'commit'>,
  commit: string,
): Promise<StepResult> {
  const { version, branch, commit: from } = release;
  const summary = `bumped to ${version} in one commit, ${short(commit)} on ${branch}`;
  const event = { kind: 'bump.outcome', version, outcome: 'done', from, commit, reason: '' } as const;
  return result(await recordOutcome(context, event, { kind: 'done', summary }, command(context, 'release-bump')), {
    version,
    commit,
  });
}

/** Whether a bump was committed and the process died before it could say so. */
async function bumpAtHead(
  { world: { git } }: StepContext,
  release: EventOf<'planned'>,
  head: string,
): Promise<boolean> {
  if (head === release.commit) return false;
  const [parents, subject] = (await git.text(['log', '-1', '--format=%P%n%s', head])).split('\n');
  return parents === release.commit && subject === messageOf(release);
}
