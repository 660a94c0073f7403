import { errorMessage } from '../../io/error-message';
import type { World } from '../../io/world';
import type { ServiceDigests } from '../../ledger/events';
import { showDuration } from '../duration';
import { compareRunning } from '../read-back';
import type { RunningService } from './driver';

/** Milliseconds between two looks. */
const LOOK = 2_000;
/** The same line is repeated only after so many looks: a sign of life, not a flood. */
const REPEAT = 5;

/** Says every few seconds which services are not healthy yet, while `work` goes on. */
export async function showProgress<T>(
  world: Pick<World, 'clock' | 'log' | 'stop'>,
  asked: ServiceDigests,
  look: () => Promise<readonly RunningService[]>,
  waited: () => number,
  work: () => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const ended = aborted(done.signal);
  const watching = watch();
  try {
    return await work();
  } finally {
    done.abort();
    await watching;
  }

  async function watch(): Promise<void> {
    let last = '';
    let repeated = 0;
    for (;;) {
      await Promise.race([world.clock.sleep(LOOK), ended]);
      if (done.signal.aborted || world.stop.requested) return;
      const line = await describe();
      if (done.signal.aborted || line === null) continue;
      repeated = line === last ? repeated + 1 : 0;
      if (repeated % REPEAT === 0) world.log.info(`${line} (${showDuration(waited())})`);
      last = line;
    }
  }

  async function describe(): Promise<string | null> {
    try {
      const waiting = [...new Set(compareRunning(asked, await look()).map((problem) => problem.service))];
      return waiting.length === 0 ? null : `waiting for ${waiting.join(', ')}`;
    } catch (error) {
      // Only the progress is at stake here: what counts is read back at the end.
      if (done.signal.aborted || world.stop.requested) return null;
      return `can't look at the services: ${errorMessage(error)}`;
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
