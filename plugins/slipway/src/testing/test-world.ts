import type { Run } from '../io/exec';
import { createGit } from '../io/git';
import { StoppedError, type World } from '../io/world';

export interface TestWorld extends World {
  /** Everything that was logged, in order. */
  readonly lines: string[];
  /** As if a signal had arrived. */
  requestStop(reason: string): void;
}

/** A world for unit tests: its clock moves only by sleeping, and programs are whatever `run` says (none by default). */
export function createTestWorld(change: Partial<Pick<World, 'root' | 'run' | 'env'>> = {}): TestWorld {
  const lines: string[] = [];
  const controller = new AbortController();
  const state: { now: number; reason: string | null } = { now: 0, reason: null };
  const run: Run = change.run ?? ((argv) => Promise.reject(new Error(`unexpected program: ${argv.join(' ')}`)));
  const root = change.root ?? '/workspace';
  return {
    root,
    run,
    git: createGit(run, root),
    env: change.env ?? {},
    clock: {
      now: () => new Date(state.now),
      sleep: async (milliseconds) => {
        state.now += milliseconds;
      },
    },
    log: { info: (line) => void lines.push(line), warn: (line) => void lines.push(line) },
    stop: {
      get requested() {
        return state.reason !== null;
      },
      get reason() {
        return state.reason;
      },
      signal: controller.signal,
      check: () => {
        if (state.reason !== null) throw new StoppedError(`stopped: ${state.reason}`);
      },
    },
    lines,
    requestStop: (reason) => {
      state.reason = reason;
      controller.abort();
    },
  };
}
