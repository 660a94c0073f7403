import { createClock } from '../../io/create-world';
import { createRun } from '../../io/exec';
import { createGit } from '../../io/git';
import { StoppedError } from '../../io/world';
import type { LedgerWorld } from '../open-ledger';
import { sinceBoot } from '../uptime';
import { GIT_ENV } from './repositories';

export interface TestWorld extends LedgerWorld {
  readonly lines: string[];
  /** Milliseconds that time is ahead: of day, and since the machine started. */
  ahead: number;
  /** Milliseconds that the time of day is wrong. */
  wrong: number;
  uptime(): number;
  requestStop(): void;
}

/** A world over a real repository, with a clock that can be put forward. */
export function testWorld(root: string): TestWorld {
  const real = createClock();
  const lines: string[] = [];
  const controller = new AbortController();
  const run = createRun({ cwd: root, env: GIT_ENV });
  const world: TestWorld = {
    ahead: 0,
    wrong: 0,
    lines,
    git: createGit(createRun({ cwd: root, env: GIT_ENV, signal: controller.signal }), root),
    finishing: {
      run,
      git: createGit(run, root),
      clock: { now: () => world.clock.now(), sleep: (ms) => real.sleep(ms) },
    },
    uptime: () => sinceBoot() + world.ahead,
    clock: {
      now: () => new Date(Date.now() + world.ahead + world.wrong),
      sleep: (milliseconds: number) => real.sleep(milliseconds),
    },
    log: { info: (line: string) => void lines.push(line), warn: (line: string) => void lines.push(line) },
    requestStop: () => controller.abort(),
    stop: {
      get requested() {
        return controller.signal.aborted;
      },
      reason: null,
      signal: controller.signal,
      check: () => {
        if (controller.signal.aborted) throw new StoppedError('stopped');
      },
    },
  };
  return world;
}
