import type { ReleaseProject } from '../config/project';
import type { SlipwayConfig } from '../config/schema';
import type { Ledger } from '../ledger/ledger';
import type { Outcome } from '../ledger/outcome';
import type { World } from '../io/world';

/** What every step gets: the workspace it serves and what it may touch. */
export interface StepContext {
  readonly world: World;
  readonly config: SlipwayConfig;
  /** Nx name of the project whose target runs. */
  readonly project: string;
  /** Every project of the workspace, with its targets. */
  readonly projects: readonly (ReleaseProject & { readonly targets: readonly string[] })[];
  /** Nx name of the project that carries the lifecycle targets. */
  readonly owner: string;
  readonly members: readonly ReleaseProject[];
  readonly ledger: Ledger;
  /** The Nx target that runs, e.g. `release-deploy--prod`. */
  readonly target: string;
  readonly dryRun: boolean;
  /** Whether lines may be coloured. */
  readonly color: boolean;
}

/** How a step ended: what the terminal shows, and the same for machines. */
export interface StepResult {
  readonly outcome: Outcome;
  /** For a person, above the outcome's sentence. */
  readonly lines: readonly string[];
  /** For `--json`; must survive JSON.stringify. */
  readonly data: Readonly<Record<string, unknown>>;
}

export type Step<Options = object> = (context: StepContext, options: Options) => Promise<StepResult>;

export function result(
  outcome: Outcome,
  data: Readonly<Record<string, unknown>> = {},
  lines: readonly string[] = [],
): StepResult {
  return { outcome, data, lines };
}

/** The command a person runs for a target of the owner. */
export function command(context: Pick<StepContext, 'owner'>, target: string, ...args: readonly string[]): string {
  return ['npx nx', target, context.owner, ...args].join(' ');
}
