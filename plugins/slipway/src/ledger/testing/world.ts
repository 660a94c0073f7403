import { createClock } from '../../io/create-world';
import { createRun } from '../../io/exec';
import { createGit } from '../../io/git';
import { StoppedError, type Stop } from '../../io/world';
import type { LedgerWorld } from '../open-ledger';
import { GIT_ENV } from './repositories';

export interface TestWorld extends LedgerWorld {
  readonly lines: string[];
  /** Milliseconds that the clock is ahead. */
  ahead: number;
}

/** A world over a real repository, with a clock that can be put forward. */
export function testWorld(root: string): TestWorld {
  const real = createClock();
  const lines: string[] = [];
  const controller = new AbortController();
  const world = {
    ahead: 0,
    lines,
    git: createGit(createRun({ cwd: root, env: GIT_ENV }), root),
    clock: { now: () => new Date(Date.now() + world.ahead), sleep: (ms: number) => real.sleep(ms) },
    log: { info: (line: string) => void lines.push(line), warn: (line: string) => void lines.push(line) },
    stop: {
      requested: false,
      reason: null,
      signal: controller.signal,
      check: () => {
        if (controller.signal.aborted) throw new StoppedError('stopped');
      },
    } as Stop,
  };
  return world;
}
