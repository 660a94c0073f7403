import type { DeployedRelease, ServiceDigests } from '../../ledger/events';
import type { Refusal } from '../../ledger/outcome';

/** A container of the environment, as the engine sees it. */
export interface RunningService {
  readonly service: string;
  /** Id of the container, pod or task. */
  readonly instance: string;
  /** Image id that it was created from, `sha256:…`. */
  readonly image: string;
  readonly running: boolean;
  readonly exitCode: number;
  /** `none`: it has no healthcheck, so nothing is known about its health. */
  readonly health: 'healthy' | 'unhealthy' | 'starting' | 'none';
  /** The release that it was deployed with; null for what Slipway did not deploy. */
  readonly release: { readonly version: string; readonly commit: string } | null;
}

export type ProblemKind = 'missing' | 'stopped' | 'wrongImage' | 'unhealthy' | 'starting' | 'unknownHealth' | 'engine';

export interface ServiceProblem {
  readonly service: string;
  readonly kind: ProblemKind;
  /** One sentence without full stop, fit for the ledger. */
  readonly problem: string;
  /** Its last log lines, without secrets; shown, never recorded. */
  readonly log: readonly string[];
}

export type ApplyResult =
  /** Every service runs exactly the asked image and is healthy, as read back from the engine. */
  | { readonly kind: 'applied'; readonly running: readonly RunningService[]; readonly waited: number }
  | {
      readonly kind: 'unhealthy';
      readonly problems: readonly [ServiceProblem, ...ServiceProblem[]];
      readonly running: readonly RunningService[];
      /** Milliseconds. */
      readonly waited: number;
    };

export interface Inspection {
  /** Why the release can't be applied; empty where it can. */
  readonly refusals: readonly Refusal[];
  /** SHA-256 over everything that configures the deployment; empty where there are refusals. */
  readonly configHash: string;
}

/** What deploys. One per environment; an orchestrator is one implementation, and callers know none of them. */
export interface Driver {
  readonly name: string;
  /** Milliseconds that one {@link apply} takes at most. */
  readonly patience: number;
  /** Looks whether a release can be applied: its images, its description, its configuration. Touches nothing. */
  inspect(release: DeployedRelease): Promise<Inspection>;
  /** What the environment runs now. */
  current(): Promise<readonly RunningService[]>;
  /**
   * Makes the environment run the release, waits for health, and reads back what runs. Idempotent.
   * @throws when the engine can't be asked, or the step is being stopped: then it is unknown how far it got.
   */
  apply(release: DeployedRelease): Promise<ApplyResult>;
  /** Services of a release that this environment runs. */
  digestsFor(release: DeployedRelease): ServiceDigests;
}
