import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyBump } from '../../bump/apply';
import { BumpFailed, BumpRefused } from '../../bump/errors';
import { planEdits } from '../../bump/edits';
import { recoverBump } from '../../bump/recover';
import type { FileEdit } from '../../bump/file-edit';
import { RELEASE_STREAM, type EventOf } from '../../ledger/events';
import { prependChangelog, renderChangelogSection } from '../../notes/changelog';
import { renderNotes } from '../../notes/release-notes';
import type { ReleasePlan } from '../../plan/release-plan';
import { command, result, type Step, type StepContext, type StepResult } from '../context';
import { readManifests } from '../manifests';
import { openRelease } from '../open-release';
import { forDryRun, refusalOf, short, unmetOf } from '../preconditions';
import { readSituation } from '../situation';
import { STEPS } from '../steps';
import { planHere, type ChainOptions } from './plan';

/** Writes the release: one commit on its own branch, all of it or nothing. The only step that writes to the work tree. */
export const bump: Step<ChainOptions> = async (context, options) => {
  const { world } = context;
  if (!context.dryRun) {
    const recovered = await recoverBump(world);
    if (recovered !== 'nothing') world.log.warn(`An earlier bump was cut off; it is ${recovered}`);
  }
  const situation = await readSituation(context);
  const open = await openRelease(context, situation);
  if (open.kind === 'elsewhere') return result({ kind: 'refused', refusals: [open.refusal] });
  if (open.kind === 'none') {
    if (context.dryRun) return rehearse(context, options);
    return result({ kind: 'refused', refusals: [{ id: 'planned', reason: 'no release is planned for this commit', remedy: command(context, 'release-plan') }] });
  }
  const { release } = open;
  const done = situation.release.bump;
  if (done !== null) return result({ kind: 'alreadyDone', summary: `${release.version} is bumped at ${short(done.commit)} on ${release.branch}` }, { version: release.version, commit: done.commit });
  const unrecorded = await bumpAtHead(context, release, situation.tree.head);
  if (unrecorded) return recordDone(context, release, situation.tree.head);

  const problems = unmetOf(STEPS.bump.preconditions, { context, situation, environment: null });
  if (problems.length > 0) return result(refusalOf(forDryRun(problems, context.target, context.config).real));
  const plan = await replan(context, release);
  if ('outcome' in plan) return plan;
  const edits = await editsOf(context, plan);
  if (context.dryRun) return wouldWrite(plan, edits);
  return write(context, plan, edits);
};

/** The plan again, from the commit that was planned: the same commits give the same release. */
async function replan(context: StepContext, release: EventOf<'planned'>): Promise<ReleasePlan | StepResult> {
  const plan = await planHere(context, {});
  if (!('outcome' in plan) && plan.version === release.version) return plan;
  return planHere(context, { releaseVersion: release.version });
}

async function rehearse(context: StepContext, options: ChainOptions): Promise<StepResult> {
  const plan = await planHere(context, options);
  if ('outcome' in plan) return plan;
  return wouldWrite(plan, await editsOf(context, plan));
}

function wouldWrite(plan: ReleasePlan, edits: readonly FileEdit[]): StepResult {
  const lines = edits.map(({ path, before }) => `  ${before === null ? 'create' : 'edit  '}  ${path}`);
  return result({ kind: 'wouldDo', summary: `write ${edits.length} files in one commit on ${plan.branch}` }, { files: edits.map(({ path }) => path) }, lines);
}

async function editsOf(context: StepContext, plan: ReleasePlan): Promise<readonly FileEdit[]> {
  const { world, config, members } = context;
  const manifests = await readManifests(context);
  const date = world.clock.now().toISOString().slice(0, 10);
  const notes = renderNotes({ version: plan.version, date, commits: plan.commits, previous: plan.previous, support: config.notes });
  const section = renderChangelogSection({ version: plan.version, date, commits: plan.commits });
  const releases = `releases/v${plan.version}`;
  const extra = await Promise.all(['CHANGELOG.md', `${releases}/NOTES.md`, `${releases}/release.json`].map(async (path): Promise<[string, string | null]> => [path, await readIfThere(join(world.root, path))]));
  const files = new Map([...manifests.contents, ...extra.flatMap(([path, content]): [string, string][] => (content === null ? [] : [[path, content]]))]);
  return planEdits({
    plan,
    members,
    files,
    repositories: Object.values(config.images).map(({ repository }) => repository),
    changelog: { path: 'CHANGELOG.md', prepend: (content) => prependChangelog(content, section, plan.version) },
    releases: 'releases',
    notes,
  });
}

async function write(context: StepContext, plan: ReleasePlan, edits: readonly FileEdit[]): Promise<StepResult> {
  const { ledger, world } = context;
  await ledger.append(RELEASE_STREAM, { kind: 'bump.intent', version: plan.version, from: plan.commit });
  try {
    const commit = await applyBump(world, { plan, edits, message: messageOf(plan), main: context.config.release.main, remote: context.config.release.remote });
    return await recordDone(context, { version: plan.version, branch: plan.branch, commit: plan.commit }, commit);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const refused = error instanceof BumpRefused;
    await ledger.append(RELEASE_STREAM, { kind: 'bump.outcome', version: plan.version, outcome: refused ? 'refused' : 'failed', from: plan.commit, commit: null, reason });
    if (refused) return result({ kind: 'refused', refusals: error.refusals });
    return result({ kind: 'failed', reason, remedy: command(context, 'release-bump') });
  }
}

export function messageOf(plan: Pick<ReleasePlan, 'version'>): string {
  return `chore(release): v${plan.version}`;
}

async function recordDone(context: StepContext, release: Pick<EventOf<'planned'>, 'version' | 'branch' | 'commit'>, commit: string): Promise<StepResult> {
  await context.ledger.append(RELEASE_STREAM, { kind: 'bump.outcome', version: release.version, outcome: 'done', from: release.commit, commit, reason: '' });
  return result({ kind: 'done', summary: `bumped to ${release.version} in one commit, ${short(commit)} on ${release.branch}` }, { version: release.version, commit });
}

/** Whether a bump was committed and the process died before it could say so. */
async function bumpAtHead({ world: { git } }: StepContext, release: EventOf<'planned'>, head: string): Promise<boolean> {
  if (head === release.commit) return false;
  const [parents, subject] = (await git.text(['log', '-1', '--format=%P%n%s', head])).split('\n');
  return parents === release.commit && subject === messageOf(release);
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
