import type { CurrentRelease } from '../ledger/state';
import { chainOf, type ChainStep } from './chain';
import type { StepContext } from './context';
import { commitOf, imagesOf, includesAll, servicesOf, subjectOf, type Subject } from './at-head';
import { telling, unmetOf, type Unmet } from './preconditions';
import type { Situation } from './situation';
import { STEPS } from './steps';

/** How far a release has come along the chain: that of this commit, else the open one. */
export interface Progress {
  readonly step: ChainStep;
  readonly done: boolean;
}

type Context = Pick<StepContext, 'config' | 'owner'>;

export function progressOf(context: Context, situation: Situation): readonly Progress[] {
  const subject = subjectOf(situation);
  return chainOf(context.config)
    .filter(({ step }) => step !== 'ship')
    .map((step) => ({ step, done: isDone(context, situation, subject, step) }));
}

function isDone(context: Context, situation: Situation, subject: Subject, { step, environment }: ChainStep): boolean {
  const { record, dossier } = subject;
  switch (step) {
    case 'plan':
      return record !== null;
    case 'bump':
      return record !== null && record.bump !== null;
    case 'check':
      return dossier !== null;
    case 'image':
      return imagesOf(context.config, record, commitOf(subject, situation) ?? '') !== null;
    case 'deploy':
      return serving(context, situation, subject, environment) !== null;
    case 'verify':
      return serving(context, situation, subject, environment)?.health === 'healthy';
    case 'tag':
      return dossier !== null && record?.tag?.commit === dossier.commit;
    case 'ship':
      return false;
  }
}

/** What serves in the environment, where it is the release itself, with its digests, and nobody doubts it. */
function serving(
  context: Context,
  situation: Situation,
  subject: Subject,
  environment: string | null,
): CurrentRelease | null {
  const state = environment === null ? undefined : situation.environments.get(environment);
  const services = servicesOf(context.config, subject, environment);
  if (!state?.current || services === null || state.unfinished !== null || state.doubt !== null) return null;
  const same = state.current.commit === subject.dossier?.commit && includesAll(state.current.services, services);
  return same ? state.current : null;
}

/** The first step that is not done, and what keeps it from being taken; null when the release has arrived. */
export function nextStep(
  context: Context,
  situation: Situation,
): { readonly step: ChainStep; readonly blockedBy: readonly Unmet[] } | null {
  const next = progressOf(context, situation).find(({ done }) => !done);
  if (!next) return null;
  const { step, environment } = next.step;
  return {
    step: next.step,
    blockedBy: telling(unmetOf(STEPS[step].preconditions, { context, situation, environment })),
  };
}
