import type { SlipwayConfig } from '../config/schema';

export type StepName = 'plan' | 'gate' | 'bump' | 'check' | 'image' | 'deploy' | 'verify' | 'tag' | 'ship';

/** One step of the way a release travels, and the Nx target that takes it. */
export interface ChainStep {
  readonly step: Exclude<StepName, 'gate'>;
  readonly target: string;
  /** For deploy and verify. */
  readonly environment: string | null;
}

type ChainConfig = Pick<SlipwayConfig, 'images'> & {
  readonly environments: Readonly<Record<string, { readonly requires?: { readonly tag?: boolean } | undefined }>>;
};

/** The atomised target of a step in one environment, e.g. `release-deploy--staging`. */
export function atomisedTarget(step: 'deploy' | 'verify', environment: string): string {
  return `release-${step}--${environment}`;
}

/** The environment in the name of an atomised target; null for any other target. */
export function environmentOfTarget(target: string): string | null {
  return /^release-(?:deploy|verify)--(.+)$/.exec(target)?.[1] ?? null;
}

/**
 * The chain, in order: plan, bump, image, check, then deploy and verify for each environment, the tag right before the
 * first environment that requires one (after the last where none does), ship. The check comes after the images: it judges
 * them, and binds their digests. Gates stand beside the chain: every member's gate comes before the bump. What the configuration has no use for is left out.
 */
export function chainOf(config: ChainConfig): readonly ChainStep[] {
  const plain = (step: 'plan' | 'bump' | 'check' | 'image' | 'tag' | 'ship'): ChainStep => ({
    step,
    target: `release-${step}`,
    environment: null,
  });
  const environments = Object.entries(config.environments);
  const firstTagged = environments.findIndex(([, environment]) => environment.requires?.tag === true);
  const steps: ChainStep[] = [plain('plan'), plain('bump')];
  if (Object.keys(config.images).length > 0) steps.push(plain('image'));
  steps.push(plain('check'));
  environments.forEach(([name], index) => {
    if (index === firstTagged) steps.push(plain('tag'));
    for (const step of ['deploy', 'verify'] as const)
      steps.push({ step, target: atomisedTarget(step, name), environment: name });
  });
  if (firstTagged === -1) steps.push(plain('tag'));
  steps.push(plain('ship'));
  return steps;
}

/** Environments whose verification the tag waits for: those that stand before it. */
export function environmentsBeforeTag(config: ChainConfig): readonly string[] {
  const chain = chainOf(config);
  const tag = chain.findIndex(({ step }) => step === 'tag');
  return chain
    .slice(0, tag)
    .flatMap(({ step, environment }) => (step === 'verify' && environment !== null ? [environment] : []));
}
