import { chainOf, type ChainStep } from './chain';
import type { StepContext } from './context';
import { recordAtHead, releaseAtHead, servicesFor, unmetOf, type Unmet } from './preconditions';
import type { Situation } from './situation';
import { STEPS } from './steps';

/** How far the release of this commit has come along the chain. */
export interface Progress {
  readonly step: ChainStep;
  readonly done: boolean;
}

type Context = Pick<StepContext, 'config' | 'owner'>;

export function progressOf(context: Context, situation: Situation): readonly Progress[] {
  return chainOf(context.config)
    .filter(({ step }) => step !== 'ship')
    .map((step) => ({ step, done: isDone(context, situation, step) }));
}

function isDone(context: Context, situation: Situation, { step, environment }: ChainStep): boolean {
  const dossier = releaseAtHead(situation);
  const record = recordAtHead(situation);
  const state = environment === null ? undefined : situation.environments.get(environment);
  const current =
    dossier !== null && state?.current?.commit === dossier.commit && state.unfinished === null ? state.current : null;
  switch (step) {
    case 'plan':
      return dossier !== null || situation.release.open !== null;
    case 'bump':
      return dossier !== null || situation.release.bump !== null;
    case 'check':
      return dossier !== null;
    case 'image':
      return dossier !== null && servicesFor(context.config, situation, null) !== null;
    case 'deploy':
      return current !== null;
    case 'verify':
      return current?.health === 'healthy';
    case 'tag':
      return dossier !== null && record?.tag?.commit === dossier.commit;
    case 'ship':
      return false;
  }
}

/** The first step that is not done, and what keeps it from being taken; null when the release has arrived. */
export function nextStep(
  context: Context,
  situation: Situation,
): { readonly step: ChainStep; readonly blockedBy: readonly Unmet[] } | null {
  const next = progressOf(context, situation).find(({ done }) => !done);
  if (!next) return null;
  const { step, environment } = next.step;
  return { step: next.step, blockedBy: unmetOf(STEPS[step].preconditions, { context, situation, environment }) };
}
