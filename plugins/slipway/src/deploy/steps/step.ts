import type { BackupRecord, DeploymentStep, MigrationMove } from '../../ledger/events';
import type { Outcome } from '../../ledger/outcome';
import { DatabaseError } from '../database/database';
import { guard } from '../apply';
import { EngineError } from '../../image/engine';
import { RunError } from '../../io/exec';
import { record, stopReason, wasStopped } from '../session';
import { recordedStep, type Deployment } from './deployment';

/** What a step leaves in the ledger besides words. */
export interface Evidence {
  readonly detail: string;
  readonly migration?: MigrationMove;
  readonly backup?: BackupRecord;
}

/** What was found by looking at reality, and changing nothing. */
export type Probe =
  | { readonly kind: 'needed' }
  | { readonly kind: 'notNeeded' }
  /** It happened: by this deployment, before it was cut off. */
  | ({ readonly kind: 'done' } & Evidence);

export interface Failure {
  readonly kind: 'failed' | 'stopped' | 'unknown';
  readonly reason: string;
  readonly remedy: string | null;
  /** Whether it may have changed something before it failed; absent: nobody told. */
  readonly touched?: boolean;
}

export type StepEnd<Result> = { readonly kind: 'done'; readonly evidence: Evidence; readonly result: Result } | Failure;

/** One step of a deployment. Whatever happens between two of its verbs, running it again goes on from there. */
export interface PipelineStep<Result> {
  /** As the ledger names it; null where the deployment's own intent and outcome tell of it. */
  readonly name: DeploymentStep | null;
  /** Whether there is anything to do, by reality. */
  probe(deployment: Deployment): Promise<Probe>;
  /** What it is about to do, written before. */
  intent(deployment: Deployment): Evidence;
  /** Does it. @throws whatever goes wrong; foreseen errors become a {@link Failure}. */
  act(deployment: Deployment): Promise<StepEnd<Result>>;
  /** Brings back what was before it failed, as far as that is possible, and ends the deployment. */
  compensate(deployment: Deployment, failure: Failure): Promise<Outcome>;
}

export type Passed<Result> =
  { readonly kind: 'passed'; readonly result: Result | null } | { readonly kind: 'ended'; readonly outcome: Outcome };

/** Takes one step: probe, intent, act, outcome; and its compensation where it fails. */
export async function take<Result>(deployment: Deployment, step: PipelineStep<Result>): Promise<Passed<Result>> {
  const { session } = deployment;
  const probe = await step.probe(deployment);
  if (probe.kind === 'notNeeded') return { kind: 'passed', result: null };
  const known = step.name === null ? null : recordedStep(deployment, step.name);
  const isOpen = known !== null && known.outcome === null;
  if (probe.kind === 'done') {
    const { kind: _kind, ...evidence } = probe;
    if (isOpen) await tell(deployment, step, 'done', evidence);
    return { kind: 'passed', result: null };
  }
  await guard(session);
  if (step.name !== null && !isOpen) await tell(deployment, step, null, step.intent(deployment));
  const end = await attempt(deployment, step);
  if (end.kind === 'done') {
    await tell(deployment, step, 'done', end.evidence);
    return { kind: 'passed', result: end.result };
  }
  // Its end is not known when it was stopped: whoever goes on asks reality.
  if (end.kind === 'failed') await tell(deployment, step, 'failed', { detail: end.reason });
  return { kind: 'ended', outcome: await step.compensate(deployment, end) };
}

async function attempt<Result>(deployment: Deployment, step: PipelineStep<Result>): Promise<StepEnd<Result>> {
  const { world } = deployment.session;
  try {
    return await step.act(deployment);
  } catch (error) {
    if (wasStopped(error, world)) return { kind: 'stopped', reason: stopReason(world), remedy: null };
    if (error instanceof DatabaseError)
      return { kind: 'failed', reason: error.message, remedy: error.remedy, touched: error.touched };
    if (error instanceof EngineError) return { kind: 'failed', reason: error.message, remedy: error.remedy };
    if (error instanceof RunError) return { kind: 'failed', reason: error.message, remedy: null };
    // A lost fence among them: nothing may be done or written any more.
    throw error;
  }
}

/** @param outcome null: an intent. */
async function tell(
  { session, release, id }: Deployment,
  { name }: Pick<PipelineStep<unknown>, 'name'>,
  outcome: 'done' | 'failed' | null,
  evidence: Evidence,
): Promise<void> {
  if (name === null) return;
  const body = { version: release.version, deployment: id, step: name, ...evidence };
  await record(
    session,
    outcome === null ? { kind: 'step.intent', ...body } : { kind: 'step.outcome', outcome, ...body },
  );
}
