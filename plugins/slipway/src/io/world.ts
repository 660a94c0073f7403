import type { Run } from './exec';
import type { Git } from './git';

export interface Clock {
  now(): Date;
  /** Resolves after `milliseconds`, or at once when the step is being stopped. */
  sleep(milliseconds: number): Promise<void>;
}

export interface Log {
  /** A line of progress or result, for a person. */
  info(line: string): void;
  warn(line: string): void;
}

/** Whether this step is being stopped (SIGINT, SIGTERM, SIGHUP, or its parent is gone). */
export interface Stop {
  readonly requested: boolean;
  readonly reason: string | null;
  readonly signal: AbortSignal;
  /** @throws {StoppedError} when a stop was requested. Call before each side effect. */
  check(): void;
}

export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

/** Everything the domain may touch, as one small argument. */
export interface World {
  /** Absolute path of the workspace. */
  readonly root: string;
  readonly run: Run;
  readonly git: Git;
  readonly clock: Clock;
  readonly log: Log;
  readonly stop: Stop;
  /**
   * The same, but not ended by a stop: what a step's last words (its outcome, the lock's release) are written with.
   * Absent where nothing stops the step, e.g. in tests: then the ordinary ones serve.
   */
  readonly finishing?: Pick<World, 'run' | 'git' | 'clock'>;
  readonly env: Readonly<Record<string, string | undefined>>;
}
