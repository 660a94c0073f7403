import { join } from 'node:path';
import type { SealedDossier } from '../../evidence/dossier';
import { writeAtomically } from '../../io/write-atomically';
import { RELEASE_STREAM, type EventOf } from '../../ledger/events';
import { renderChecks } from '../../render';
import { releaseAtHead, imagesOf, includesAll } from '../at-head';
import { command, result, type Step, type StepContext, type StepResult } from '../context';
import { dossierKey } from '../dossier-key';
import { makeDossier, type Dossier } from '../make-dossier';
import { forDryRun, refusalOf, short, unmetOf } from '../preconditions';
import { releaseCommit, type ReleaseCommit } from '../release-commit';
import { readSituation } from '../situation';
import { STEPS } from '../steps';
import { outdated } from '../standing-dossier';
import type { ChainOptions } from './plan';

/**
 * Finds out whether the release commit may go out, and records it: the dossier, which tag and deployment rely on. What was found out once
 * stands until something it relies on runs out or changes.
 */
export const check: Step<ChainOptions> = async (context, options) => {
  const situation = await readSituation(context);
  const problems = unmetOf(STEPS.check.preconditions, { context, situation, environment: null });
  const { after, real } = context.dryRun
    ? forDryRun(problems, context.target, context.config)
    : { after: [], real: problems };
  if (real.length > 0) return result(refusalOf(real));
  const wouldBind = (when: string): StepResult =>
    result({ kind: 'wouldDo', summary: `bind the members' verdicts to the release commit, after ${when}` });
  if (after.length > 0) return wouldBind(after.join(' and '));
  const found = await releaseCommit(context, situation, options.type);
  if ('refusal' in found) {
    if (context.dryRun && found.refusal.id === 'bumped') return wouldBind('release-bump');
    return result({ kind: 'refused', refusals: [found.refusal] });
  }
  const { version } = found.release;
  const { commit } = found;
  const standing = releaseAtHead(situation);
  const images = imagesOf(context.config, found.record, commit) ?? {};
  if (
    standing !== null &&
    standing.images !== undefined &&
    includesAll(standing.images, images) &&
    outdated(context.config, standing, context.world.clock.now()) === null
  )
    return result(
      { kind: 'alreadyDone', summary: `${version} passed its check at ${short(commit)}` },
      { dossier: standing },
    );
  const key = await dossierKey(context);
  if ('refusal' in key) return result({ kind: 'refused', refusals: [key.refusal] });
  return conclude(context, found, await makeDossier(context, situation, found, key.key));
};

async function conclude(
  context: StepContext,
  { release: { version }, commit }: ReleaseCommit,
  { event, sealed, results }: Dossier,
): Promise<StepResult> {
  const lines = [
    ...event.members.map(({ project, verdict }) => `${project}: ${verdict}`),
    ...renderChecks(results, { color: context.color }),
  ];
  const data = { dossier: event, checks: results };
  if (context.dryRun) {
    const ended = event.passed ? 'passed' : `failed: ${event.reasons.join('; ')}`;
    const summary = `record that ${version} at ${short(commit)} ${ended}`;
    return result({ kind: 'wouldDo', summary }, data, lines);
  }
  context.world.stop.check();
  const path = sealed === null ? null : await writeDossier(context, event, sealed);
  await context.ledger.append(RELEASE_STREAM, event);
  if (event.passed) {
    const verdicts = event.members.map(({ project, verdict }) => `${project}: ${verdict}`).join(', ');
    const signed = sealed?.keyId == null ? 'unsigned' : `signed by ${sealed.keyId.slice(0, 8)}`;
    return result(
      { kind: 'done', summary: `${version} passed its check at ${short(commit)}: ${verdicts}` },
      { ...data, path },
      [...lines, `dossier: ${path ?? ''} (${signed})`],
    );
  }
  if (event.waiting != null) return result({ kind: 'waiting', ...event.waiting }, data, lines);
  return result(
    {
      kind: 'failed',
      reason: `${version} at ${short(commit)} did not pass: ${event.reasons.join('; ')}`,
      remedy: command(context, 'release-check'),
    },
    data,
    lines,
  );
}

/** @returns the path relative to the workspace. */
async function writeDossier(
  { world }: StepContext,
  { version }: EventOf<'check'>,
  { text }: SealedDossier,
): Promise<string> {
  const path = `.slipway/dossier/${version}.json`;
  await writeAtomically(join(world.root, path), text);
  return path;
}
