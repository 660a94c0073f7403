import { createRun } from './exec';
import { createGit } from './git';
import { createStop, type StopOptions } from './stop';
import type { Clock, Log, World } from './world';

export interface WorldOptions {
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Added to this process's environment. `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default: standard output; warnings go to standard error. */
  readonly log?: Log;
  readonly stop?: Omit<StopOptions, 'log'>;
}

/** A world that can be stopped, with what still works afterwards. */
export type StoppableWorld = World & Required<Pick<World, 'finishing'>>;

/**
 * The real world: clock, processes, git, terminal and signals. One per step.
 * `dispose` gives the signals back; call it in a `finally`, once the outcome is written.
 */
export function createWorld(options: WorldOptions): { readonly world: StoppableWorld; readonly dispose: () => void } {
  const { root } = options;
  const log = options.log ?? consoleLog();
  const { stop, dispose } = createStop({ log, ...options.stop });
  const env = { ...process.env, ...options.env };
  const run = createRun({ cwd: root, env, signal: stop.signal });
  const last = createRun({ cwd: root, env, outlive: true });
  return {
    world: {
      root,
      run,
      git: createGit(run, root),
      clock: createClock(stop.signal),
      log,
      stop,
      finishing: { run: last, git: createGit(last, root), clock: createClock() },
      env,
    },
    dispose,
  };
}

/** The real clock. With a signal, sleeping ends at once when it is aborted. */
export function createClock(signal?: AbortSignal): Clock {
  return {
    now: () => new Date(),
    sleep: (milliseconds) =>
      new Promise<void>((resolve) => {
        if (signal?.aborted) return resolve();
        const wake = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, milliseconds);
        signal?.addEventListener('abort', wake, { once: true });
      }),
  };
}

function consoleLog(): Log {
  return {
    info: (line) => void process.stdout.write(`${withoutCommands(line)}\n`),
    warn: (line) => void process.stderr.write(`${withoutCommands(line)}\n`),
  };
}

/**
 * Runners of GitHub and Azure take commands from what a job prints, and lines quote what others wrote: `::set-output …::` at
 * the start of a line, `##[error]` and `##vso[…]` anywhere in it.
 */
function withoutCommands(text: string): string {
  return text.replace(/^([^\S\n]*):(?=:)/gm, '$1: ').replace(/##(?=(?:vso)?\[)/gi, '## ');
}
