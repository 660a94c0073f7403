import type { Readable } from 'node:stream';
import type { RunResult } from '../../io/exec';
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
  /** Set while the engine is about to start it again. */
  readonly restarting?: boolean;
  readonly exitCode: number;
  /** `none`: it has no healthcheck, so nothing is known about its health. */
  readonly health: 'healthy' | 'unhealthy' | 'starting' | 'none';
  /** The release that it was deployed with; null for what Slipway did not deploy. */
  readonly release: { readonly version: string; readonly commit: string } | null;
  /** Set where Slipway deployed it and it takes neither version nor commit: it is the same in every release that has its image. */
  readonly versionless?: boolean;
  /** How often the engine started it again by itself. */
  readonly restarts: number;
  /** ISO 8601, UTC; null where it never ran. */
  readonly startedAt: string | null;
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

export interface InspectOptions {
  /** Of an earlier deployment, to be brought back byte for byte: then compose file and environment's files are not asked for. */
  readonly description?: string | undefined;
}

export interface Inspection {
  /** Why the release can't be applied; empty where it can. */
  readonly refusals: readonly Refusal[];
  /** SHA-256 over everything that configures the deployment; empty where there are refusals, or a description was given. */
  readonly configHash: string;
  /** The description as it would be applied (`docker compose config`); null where there are refusals. Holds secrets. */
  readonly description: string | null;
}

export interface ApplyOptions {
  /**
   * Asked before each side effect on the engine.
   * @throws {FenceLostError} or {StoppedError}: then nothing more may be done.
   */
  readonly guard: () => Promise<void>;
  /** A description of an earlier deployment to bring back byte for byte, instead of what commit and environment's files give. */
  readonly description?: string;
}

/** A program to run for an environment. */
export interface ServiceCommand {
  readonly service: string;
  readonly argv: readonly [string, ...string[]];
  /** Added to the service's own environment. Values are secrets: they never appear in a process list. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: Buffer | Readable;
  /** Takes standard output as it comes instead of keeping it. */
  readonly onData?: (chunk: Buffer) => void;
  /** Milliseconds. */
  readonly timeout: number;
  /**
   * {@link Driver.runOnce}: starts what the service depends on, and waits until it is healthy. For a first deployment, of which nothing runs
   * yet; otherwise it might replace what runs.
   */
  readonly startDependencies?: boolean;
}

/** What deploys. One per environment; an orchestrator is one implementation, and callers know none of them. */
export interface Driver {
  readonly name: string;
  /** Milliseconds that one {@link apply} takes at most. */
  readonly patience: number;
  /** Looks whether a release can be applied: its images, its description, its configuration, disk. Touches nothing. */
  inspect(release: DeployedRelease, options?: InspectOptions): Promise<Inspection>;
  /** What the environment runs now. */
  current(): Promise<readonly RunningService[]>;
  /**
   * Makes the environment run the release, waits for health, and reads back what runs. Idempotent, also after it was cut off anywhere.
   * @throws when the engine can't be asked, or the step is being stopped: then it is unknown how far it got.
   */
  apply(release: DeployedRelease, options: ApplyOptions): Promise<ApplyResult>;
  /** Services of a release that this environment runs. */
  digestsFor(release: DeployedRelease): ServiceDigests;
  /**
   * Runs a program in a new container of a service's image in `release`, with the environment's variables, networks and volumes, and
   * removes it. The service itself is not touched. Standard output and error come back apart.
   */
  runOnce(release: DeployedRelease, command: ServiceCommand): Promise<RunResult>;
  /** Runs a program in the service's running container. @throws {EngineError} where none runs. */
  execute(command: ServiceCommand): Promise<RunResult>;
  /**
   * Whether the environment is still to be made: nothing of it runs, it has no volume, and what `service` depends on is part of it (so that
   * a database elsewhere is not taken for a new one). Touches nothing. Absent: nobody can tell, which counts as no.
   */
  isNew?(release: DeployedRelease, service: string): Promise<boolean>;
  /**
   * Stops these services and leaves them there; {@link apply} starts them again. Idempotent. Absent: they go on while the database is
   * brought back. @throws {EngineError}, and what `guard` throws.
   */
  stop?(services: readonly string[], options: { readonly guard: () => Promise<void> }): Promise<void>;
  /** The command with which a person applies a description that lies in a file, where Slipway can't. Absent: there is none. */
  byHand?(descriptionFile: string): string;
  /** Lines that a service's containers wrote since then, oldest first, without secrets. */
  logs(service: string, since: Date): Promise<readonly string[]>;
}
