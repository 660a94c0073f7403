import { setMaxListeners } from 'node:events';
import { StoppedError, type Log, type Stop } from './world';

/** The part of `process` that a stop listens to. */
export type StoppableProcess = Pick<NodeJS.Process, 'on' | 'removeListener' | 'exit' | 'connected' | 'send'>;

export interface StopOptions {
  readonly log: Log;
  /** Default: this process. */
  readonly process?: StoppableProcess;
  /** Milliseconds that work may go on after a stop was requested, to write its outcome and free its lock. Default 2,800: it is over within three seconds. */
  readonly grace?: number;
}

/** Exit codes as a shell reports them: 128 + the signal's number. A lost parent counts as a termination. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type StopSignal = keyof typeof EXIT_CODES;
const SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const PARENT_LOST = 'the process that started it is gone';

/**
 * One idempotent stop for SIGINT, SIGTERM, SIGHUP and, in a forked child, the loss of the parent (its IPC channel closes, which is
 * all that is left to see when `nx` itself is killed). The first one counts; from then on work has {@link StopOptions.grace} to end by
 * itself, and the process exits hard after that.
 * `dispose` removes every listener and the pending exit; call it when the work has ended.
 */
export function createStop(options: StopOptions): { readonly stop: Stop; readonly dispose: () => void } {
  const target = options.process ?? process;
  const grace = options.grace ?? 2_800;
  const controller = new AbortController();
  // Each running child listens to it.
  setMaxListeners(0, controller.signal);
  let reason: string | null = null;
  let hardExit: NodeJS.Timeout | null = null;
  let disposed = false;

  const request = (why: string, exitCode: number) => {
    if (disposed || reason !== null) return;
    reason = why;
    options.log.warn(`Stopping (${why}): writing the outcome and freeing locks`);
    hardExit = setTimeout(() => {
      options.log.warn(`Not stopped within ${grace} ms: giving up. release-status shows where the release stands`);
      target.exit(exitCode);
    }, grace);
    // With no work left the process may end before that.
    hardExit.unref();
    controller.abort(new StoppedError(`stopped: ${why}`));
  };

  const listeners = SIGNALS.map((signal) => [signal, () => request(signal, EXIT_CODES[signal])] as const);
  for (const [signal, listener] of listeners) target.on(signal, listener);
  const onDisconnect = () => request(PARENT_LOST, EXIT_CODES.SIGTERM);
  const forked = target.send !== undefined;
  if (forked) {
    target.on('disconnect', onDisconnect);
    // The parent may have gone before anyone listened.
    if (!target.connected) onDisconnect();
  }

  return {
    stop: {
      get requested() {
        return reason !== null;
      },
      get reason() {
        return reason;
      },
      signal: controller.signal,
      check() {
        if (reason !== null) throw new StoppedError(`stopped: ${reason}`);
      },
    },
    dispose() {
      disposed = true;
      for (const [signal, listener] of listeners) target.removeListener(signal, listener);
      if (forked) target.removeListener('disconnect', onDisconnect);
      if (hardExit !== null) clearTimeout(hardExit);
    },
  };
}
